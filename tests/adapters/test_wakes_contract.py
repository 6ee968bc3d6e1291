"""What every WakeTimer must do, the fake as well as Step Functions."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from adapters.scripted_service import ScriptedService
from builders import NOW
from fakes import FakeWakeTimer
from local_cloud import LocalCloud
from outreach.adapters.stepfunctions.wakes import StepFunctionsWakes
from outreach.ports.sweeps import WakeTimer
from stack_files import ROOT

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:outreach-wake"


@dataclass
class Rig:
    timer: WakeTimer
    restarted: Callable[[], WakeTimer]
    """The same as another process has it, which remembers nothing."""
    waiting: Callable[[], set[tuple[str, int, datetime]]]
    pass_minute: Callable[[datetime], object]


@pytest.fixture(params=["fake", "step functions"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    if request.param == "fake":
        fake = FakeWakeTimer()
        yield Rig(fake, lambda: fake, lambda: fake.armed, fake.take)
        return
    with LocalCloud(NOW, project=ROOT) as cloud:
        arn = cloud.outputs["WakeStateMachineArn"]

        def timer() -> WakeTimer:
            return StepFunctionsWakes(cloud.client("stepfunctions"), state_machine_arn=arn)

        def waiting() -> set[tuple[str, int, datetime]]:
            runs = [each for each in cloud.executions("WakeStateMachine") if each.status == "RUNNING"]
            return {
                (run.input["campaign"], run.input["shard"], datetime.fromisoformat(run.input["at"]))
                for run in runs
            }

        yield Rig(timer(), timer, waiting, lambda minute: cloud.advance(until=minute + timedelta(seconds=30)))


SOON = NOW + timedelta(minutes=5)


def test_a_minute_is_armed_once_however_often_and_by_however_many(rig: Rig) -> None:
    assert rig.timer.wake_at("win-back", 1, SOON)
    assert rig.timer.wake_at("win-back", 1, SOON)
    assert rig.restarted().wake_at("win-back", 1, SOON)

    assert rig.waiting() == {("win-back", 1, SOON)}


def test_campaigns_shards_and_minutes_have_wakes_of_their_own(rig: Rig) -> None:
    wakes = {("win-back", 1, SOON), ("win-back", 0, SOON), ("news", 1, SOON)}
    wakes.add(("win-back", 1, SOON + timedelta(minutes=1)))
    for wake in wakes:
        assert rig.timer.wake_at(*wake)

    assert rig.waiting() == wakes


def test_a_wake_that_came_and_went_is_not_armed_again(rig: Rig) -> None:
    rig.timer.wake_at("win-back", 1, SOON)

    rig.pass_minute(SOON)

    assert rig.waiting() == set()
    assert not rig.restarted().wake_at("win-back", 1, SOON)


def _scripted() -> tuple[ScriptedService, StepFunctionsWakes]:
    service = ScriptedService("stepfunctions")
    return service, StepFunctionsWakes(service.client, state_machine_arn=MACHINE)


def test_an_execution_is_named_by_its_minute_and_knows_no_customer() -> None:
    service, wakes = _scripted()
    service.answers({"executionArn": "arn", "startDate": 0})

    wakes.wake_at("win-back", 1, datetime(2026, 3, 2, 9, 5, tzinfo=UTC))
    wakes.wake_at("win-back", 1, datetime(2026, 3, 2, 9, 5, tzinfo=UTC))

    (request,) = service.requests
    assert (request["stateMachineArn"], request["name"]) == (MACHINE, "wake-win-back-1-20260302T0905")
    assert json.loads(request["input"]) == {"campaign": "win-back", "shard": 1, "at": "2026-03-02T09:05:00Z"}


def test_a_refused_call_raises_and_is_not_remembered_as_armed() -> None:
    service, wakes = _scripted()
    service.refuses("AccessDeniedException")
    service.answers({"executionArn": "arn", "startDate": 0})

    with pytest.raises(ClientError):
        wakes.wake_at("win-back", 1, SOON)
    assert wakes.wake_at("win-back", 1, SOON)

    assert len(service.requests) == 2
