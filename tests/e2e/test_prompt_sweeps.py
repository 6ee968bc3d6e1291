"""A swept campaign is prompt: its messages go out within a minute, and nothing runs while nothing is due."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import pytest

from e2e.shop import PROJECT, START, Shop, days, hours
from local_cloud import LocalCloud


@contextmanager
def swept_onboarding() -> Iterator[Path]:
    """The project with the shipped onboarding under the other driver."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for shared in ("functions", "statemachines", "templates"):
            copytree(PROJECT / shared, folder / shared)
        (folder / "template.yaml").write_bytes((PROJECT / "template.yaml").read_bytes())
        campaign = folder / "templates" / "onboarding" / "campaign.yaml"
        words = campaign.read_text()
        assert "driver: workflow" in words
        campaign.write_text(words.replace("driver: workflow", "driver: sweep"))
        yield folder


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with swept_onboarding() as project, LocalCloud(START, project=project) as cloud:
        yield Shop(cloud)


@pytest.mark.parametrize("second", [0, 1, 29, 50, 51, 59])
def test_a_swept_welcome_is_sent_within_a_minute(shop: Shop, second: int) -> None:
    shop.waits_until(shop.now.replace(second=0, microsecond=0) + timedelta(minutes=3, seconds=second))
    customer_id = f"c-at-{second}"
    began = shop.now

    shop.signs_up(customer_id)
    shop.waits(timedelta(minutes=2))

    ((message, sent_at),) = shop.got(customer_id)
    assert message == "welcome"
    # The first full minute that is at least ten seconds away.
    assert timedelta(seconds=10) <= sent_at - began < timedelta(seconds=71)


def test_while_nothing_is_due_nothing_runs(shop: Shop) -> None:
    shop.waits(days(40))  # every series is over
    before = len(shop.cloud.executions("WakeStateMachine"))
    invoked = sum(run.function == "SweepPageFunction" for run in shop.cloud.invocations)

    shop.waits(days(30))

    assert len(shop.cloud.executions("WakeStateMachine")) == before
    assert sum(run.function == "SweepPageFunction" for run in shop.cloud.invocations) == invoked


def test_the_whole_series_goes_at_the_minutes_at_which_it_is_due(shop: Shop) -> None:
    began = shop.waits_for_the_clock(10)
    shop.signs_up("c-series")
    shop.waits(days(1) + hours(23))

    messages = shop.got("c-series")

    assert messages
    assert messages[0] == ("welcome", began + timedelta(minutes=1))
    assert {(sent_at.second, sent_at.microsecond) for _, sent_at in messages} == {(0, 0)}
