"""The parts below the services: the clock, the seed, the replacements and their guard."""

import importlib
import logging
import os
import random
import secrets
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest

from local_cloud import LocalCloud, NotEmulatedError, PatchBrokenError, selfcheck
from local_cloud.clock import DeadlockError, InsideBrokeError, VirtualClock
from local_cloud.functions.modules import ModuleSet
from local_cloud.patches import Patches


@pytest.fixture
def clock() -> VirtualClock:
    made = VirtualClock(datetime(2026, 1, 1, tzinfo=UTC))
    made._coordinates = SimpleNamespace(move_to=lambda when: None)  # noqa: SLF001, ARG005 - the process keeps its time
    return made


def test_timers_fire_in_order_and_those_of_one_instant_in_order_of_asking(clock: VirtualClock) -> None:
    seen: list[str] = []
    for delay, name in ((2.0, "c"), (1.0, "a"), (1.0, "b"), (5.0, "late")):
        clock.call_in(delay, lambda name=name: seen.append(name))  # type: ignore[misc] # a default, to bind the name
    clock.run_until(clock.now + 3)
    assert seen == ["a", "b", "c"]


def test_a_parked_task_goes_on_when_fired_or_when_its_time_is_up(clock: VirtualClock) -> None:
    seen: list[tuple[bool, float]] = []
    start = clock.now
    waiters: list[object] = []
    clock.spawn(lambda: seen.append((clock.park(waiters, 10), clock.now - start)))  # type: ignore[arg-type] # waiters
    clock.spawn(lambda: seen.append((clock.park(None, 10), clock.now - start)))
    clock.call_in(3, lambda: clock.fire(waiters))  # type: ignore[arg-type] # waiters
    clock.run_until(start + 60)
    assert seen == [(True, 3), (False, 10)]


def test_a_killed_task_never_goes_on(clock: VirtualClock) -> None:
    seen: list[str] = []

    def work() -> None:
        try:
            clock.sleep(10)
            seen.append("woke")
        finally:
            seen.append("cleaned up")

    task = clock.spawn(work)
    clock.settle()
    clock.kill(task)
    clock.run_until(clock.now + 60)
    assert seen == ["cleaned up"]


def test_waiting_for_what_cannot_come_is_a_deadlock(clock: VirtualClock) -> None:
    with pytest.raises(DeadlockError):
        clock.park([], None)


def test_a_failure_inside_is_raised_where_time_moves(clock: VirtualClock) -> None:
    clock.call_in(1, lambda: 1 / 0)
    with pytest.raises(InsideBrokeError, match="ZeroDivisionError"):
        clock.run_until(clock.now + 2)


def test_the_process_sees_the_virtual_time(cloud: LocalCloud) -> None:
    before = time.time()
    time.sleep(3600)
    assert time.time() - before == 3600
    assert datetime.now(UTC) == cloud.now
    assert datetime.now() == cloud.now.replace(tzinfo=None)  # noqa: DTZ005 - the zone of the process is UTC, as on Lambda


def test_random_things_repeat_with_the_seed(sample: Path) -> None:
    drawn = []
    for _ in range(2):
        with LocalCloud(project=sample, seed=7):
            drawn.append((uuid4(), random.random(), secrets.token_hex(), os.urandom(40)))
    assert drawn[0] == drawn[1]
    assert uuid4() != drawn[0][0]


def test_the_test_process_has_its_own_modules_and_output(cloud: LocalCloud) -> None:
    cloud.http("GET", "/u/x")
    assert "shop" not in sys.modules
    assert not any("sample_app" in path for path in sys.path)


def test_calls_from_another_thread_are_refused(cloud: LocalCloud) -> None:
    errors: list[Exception] = []

    def work() -> None:
        try:
            cloud.client("sqs").list_queues()
        except NotEmulatedError as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert "from another thread" in str(errors[0])


def test_a_name_that_is_gone_stops_everything() -> None:
    with pytest.raises(PatchBrokenError, match=r"logging\.no_such_name, but it does not exist"):
        Patches().replace(logging, "no_such_name", 1)


def test_patches_are_undone_newest_first_and_inherited_names_become_inherited_again() -> None:
    class Base:
        name = "base"

    class Derived(Base):
        pass

    patches = Patches()
    patches.replace(Derived, "name", "first")
    patches.replace(Derived, "name", "second")
    assert Derived.name == "second"
    patches.undo()
    assert Derived.name == "base"
    assert "name" not in vars(Derived)


def test_another_version_of_moto_is_refused() -> None:
    with pytest.raises(PatchBrokenError, match=r"replaces internals of moto 0\.0\.1"):
        selfcheck.check_versions("0.0.1")
    selfcheck.check_versions()


def run_counter(modules: ModuleSet) -> list[str]:
    """What the packages `pure` and `kept` of one process have counted up to now."""
    modules.enter()
    try:
        pure, kept = importlib.import_module("pure"), importlib.import_module("kept")
        pure.seen.append("x")
        kept.seen.append("x")
        return ["x" * len(pure.seen), "x" * len(kept.seen)]
    finally:
        modules.leave()


def test_processes_share_stateless_packages_and_nothing_else(tmp_path: Path) -> None:
    for name in ("pure", "kept"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("seen = []\n")
    first, second = (ModuleSet(tmp_path, (), ("pure",)) for _ in range(2))
    assert run_counter(first) == ["x", "x"]
    assert run_counter(second) == ["xx", "x"]
    assert run_counter(first) == ["xxx", "xx"]
    assert "pure" not in sys.modules
