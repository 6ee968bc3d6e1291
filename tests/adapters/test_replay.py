"""What a message of the intake queue holds of its replay."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from builders import NOW
from outreach.adapters.events.replay import Replayed, ReplayedOptOut, read_replayed
from outreach.domain.intake.opt_out import no_at, opting_out_id


def _message(**fields: Any) -> dict[str, Any]:
    message = {
        "source": "outreach",
        "detail-type": "customer.unsubscribed",
        "time": "2026-03-02T09:00:00Z",
        "detail": {"customer_id": "c-ana", "event_id": opting_out_id(no_at(NOW))},
        "replay-name": "restore-1",
    }
    return {name: value for name, value in {**message, **fields}.items() if value is not None}


def _read(**fields: Any) -> Replayed | None:
    return read_replayed(json.dumps(_message(**fields)))


def test_an_opt_out_that_was_announced_is_read_with_its_instant() -> None:
    end_of_second = datetime(2026, 3, 2, 9, 0, 1, tzinfo=UTC)

    assert _read() == Replayed(end_of_second, ReplayedOptOut("c-ana", NOW))


def test_an_event_of_a_producer_is_no_opt_out() -> None:
    assert _read(source="shop", detail={"customer": {"id": "c-ana"}}) == Replayed(
        NOW + timedelta(seconds=1), None
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"detail-type": "survey.answered"},
        {"detail": "text"},
        {"detail": {"customer_id": 5, "event_id": "unsubscribe-1"}},
        {"detail": {"customer_id": "c-ana"}},
        {"detail": {"customer_id": "c-ana", "event_id": "evt-1"}},
    ],
)
def test_another_announcement_is_no_opt_out(fields: dict[str, Any]) -> None:
    replayed = _read(**fields)

    assert replayed is not None
    assert replayed.opt_out is None


@pytest.mark.parametrize("time", [None, "soon", "2026-03-02T09:00:00", 5])
def test_a_time_that_cannot_be_read_is_none(time: object) -> None:
    replayed = _read(time=time)

    assert replayed is not None
    assert replayed.at is None


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(_message(**{"replay-name": None})),
        json.dumps(_message(detail={"note": '"replay-name"'}, **{"replay-name": None})),
        '{"replay-name"',
        '["replay-name"]',
    ],
)
def test_what_eventbridge_did_not_replay_is_not_replayed(body: str) -> None:
    """A producer can write anything, but nothing beside its detail."""
    assert read_replayed(body) is None
