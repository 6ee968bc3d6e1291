"""`outreach sweeps` on stacks of their own: the outcome of all that was due, and a sweep started by hand."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from local_cloud import Fault, LocalCloud

type Outreach = Callable[..., Result]
PROJECT = Path(__file__).parents[2]
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def swept_cloud() -> Iterator[LocalCloud]:
    """Three customers became inactive ninety days ago."""
    with LocalCloud(start=YESTERDAY - timedelta(days=91), project=PROJECT) as running:
        for number in range(3):
            moment = running.now.isoformat()
            consent = {"marketing": number < 2, "at": moment}
            customer = {"id": f"c-{number}", "email": f"c-{number}@test.example", "consent": consent}
            order = {"id": f"o-{number}", "items": []}
            event = {"event_id": f"e-{number}", "occurred_at": moment, "customer": customer, "order": order}
            running.emit("order.placed", event)
        yield running


def test_what_a_sweep_did_adds_up_for_a_person(outreach: Outreach, swept_cloud: LocalCloud) -> None:
    swept_cloud.advance(until=YESTERDAY)

    lines = outreach("sweeps", "--days", "30", stack=swept_cloud).stdout.splitlines()
    told = json.loads(outreach("sweeps", "--days", "30", "--json", stack=swept_cloud).stdout)

    assert any("win-back: " in line and "sent" in line for line in lines)
    assert len(told) == len(lines)
    assert all(each["adds_up"] for each in told)
    went = len(swept_cloud.outbox)
    assert went >= 2
    assert sum(each["sent"] for each in told) == went


def test_a_call_that_crashed_is_reported(outreach: Outreach, swept_cloud: LocalCloud) -> None:
    fault = Fault(function="SweepPageFunction", operation="TransactWriteItems", when="after")
    swept_cloud.faults.append(fault)
    swept_cloud.advance(until=YESTERDAY)

    told = outreach("sweeps", "--days", "30", stack=swept_cloud).stdout

    assert "1 of " in told
    assert "have not said what they did" in told


def test_a_sweep_is_started_by_hand_for_one_campaign_and_sends_what_is_due(outreach: Outreach) -> None:
    """The wake that intake armed was stopped, and no other comes that day."""
    parameters = {"SweepSchedule": "rate(300 days)", "ReconcilerSchedule": "rate(300 days)"}
    with LocalCloud(project=PROJECT, parameters=parameters) as cloud:
        long_ago = (cloud.now - timedelta(days=91)).isoformat()
        customer = {"id": "c-0", "email": "c-0@test.example", "consent": {"marketing": True, "at": long_ago}}
        order = {"id": "o-0", "items": []}
        cloud.emit(
            "order.placed",
            {"event_id": "e-0", "occurred_at": long_ago, "customer": customer, "order": order},
        )
        (wake,) = cloud.executions("WakeStateMachine")
        cloud.client("stepfunctions").stop_execution(executionArn=wake.arn)
        cloud.advance(minutes=5)
        assert list(cloud.outbox) == []

        result = outreach("sweeps", "start", "win-back", "--json", stack=cloud)
        cloud.advance(minutes=2)

        (run,) = cloud.executions("SweepStateMachine")
        assert (run.name, run.input) == (json.loads(result.stdout)["execution"], {"campaign": "win-back"})
        assert run.name.startswith("win-back-")
        assert [mail.headers["X-Outreach-Message"] for mail in cloud.outbox] == ["we-miss-you"]


@pytest.mark.parametrize(
    ("pause", "resume"),
    [
        (("sending", "pause", "--reason", "a typo"), ("sending", "resume")),
        (("campaigns", "pause", "win-back", "--reason", "a typo"), ("campaigns", "resume", "win-back")),
    ],
)
def test_what_a_pause_held_in_a_swept_campaign_is_sent_within_two_minutes_of_the_resume(
    outreach: Outreach, pause: tuple[str, ...], resume: tuple[str, ...]
) -> None:
    today = datetime.now(UTC).replace(hour=10, minute=0, second=0)  # within delivery hours
    with LocalCloud(start=today, project=PROJECT) as cloud:
        assert outreach(*pause, stack=cloud).exit_code == 0
        long_ago = (cloud.now - timedelta(days=91)).isoformat()
        customer = {"id": "c-0", "email": "c-0@test.example", "consent": {"marketing": True, "at": long_ago}}
        event = {"event_id": "e-0", "occurred_at": long_ago, "customer": customer}
        cloud.emit("order.placed", event | {"order": {"id": "o-0", "items": []}})
        cloud.advance(minutes=20)
        assert list(cloud.outbox) == []

        assert outreach(*resume, stack=cloud).exit_code == 0
        cloud.advance(minutes=2)

        assert [mail.headers["X-Outreach-Message"] for mail in cloud.outbox] == ["we-miss-you"]
