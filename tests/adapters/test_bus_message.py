"""The queue's message to the envelope: what is no event is refused as that, and nothing else."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from builders import NOW
from outreach.adapters.events.bus_message import read_message
from outreach.domain.errors import InvalidEventError
from outreach.domain.intake.event import Event

SAMPLE = (Path(__file__).parents[1] / "events/eventbridge-customer-signed-up.json").read_text()


def a_read(body: str, **given: datetime) -> Event:
    times = {"now": NOW, "queued_at": NOW} | given
    return read_message(body, **times, on_left_out=lambda _: None)


def a_message(occurred_at: datetime, time: object) -> str:
    detail = {"event_id": "e", "occurred_at": occurred_at.isoformat(), "customer": {"id": "c"}}
    return json.dumps({"detail-type": "customer.updated", "time": time, "detail": detail})


def test_what_occurred_counts_at_most_as_when_the_queue_got_it() -> None:
    message = a_message(NOW + timedelta(minutes=50), "2026-03-02T09:00:00Z")

    assert a_read(message, queued_at=NOW - timedelta(seconds=1)).occurred_at == NOW - timedelta(seconds=1)


def test_an_event_that_is_sent_back_to_the_queue_counts_as_when_the_bus_got_it() -> None:
    message = a_message(NOW + timedelta(minutes=50), "2026-03-02T09:00:00Z")
    later = NOW + timedelta(days=1)

    event = a_read(message, now=later, queued_at=later)

    assert event.occurred_at == datetime(2026, 3, 2, 9, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize("time", [None, 7, "yesterday", "2026-03-02T09:00:00", "9999-12-31T23:59:59Z"])
def test_a_time_of_the_bus_that_is_none_is_not_used(time: object) -> None:
    assert a_read(a_message(NOW + timedelta(minutes=50), time)).occurred_at == NOW


def test_of_two_events_in_one_second_the_time_of_the_bus_changes_neither() -> None:
    at = datetime(2026, 3, 2, 9, 0, 0, 900_000, tzinfo=UTC)

    event = a_read(a_message(at, "2026-03-02T09:00:00Z"), now=at, queued_at=at + timedelta(milliseconds=90))

    assert event.occurred_at == at


def test_an_event_from_the_bus_is_read() -> None:
    event = a_read(SAMPLE)

    assert (event.name, event.id, event.customer.id) == ("customer.signed_up", "evt-signed-up-1", "c-ana")
    assert event.customer.fields["email"] == "ana@example.com"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no JSON",
        "null",
        "[]",
        "7",
        '"text"',
        "{}",
        '{"detail-type": "a.b"}',
        "[" * 100_000,
        '{"detail": {}}',
    ],
    ids=lambda body: body[:20] or "nothing",
)
def test_what_is_no_event_of_the_bus_is_refused(body: str) -> None:
    with pytest.raises(InvalidEventError, match="message: not an EventBridge event"):
        a_read(body)


@pytest.mark.parametrize("name", [7, None, ["a.b"], {}])
def test_an_event_whose_name_is_no_text_is_no_event_of_the_bus(name: object) -> None:
    message = json.loads(SAMPLE) | {"detail-type": name}

    with pytest.raises(InvalidEventError, match="message: not an EventBridge event"):
        a_read(json.dumps(message))


def test_a_name_that_is_none_is_refused_and_not_repeated() -> None:
    message = json.loads(SAMPLE) | {"detail-type": "ana@example.com"}

    with pytest.raises(InvalidEventError) as refusal:
        a_read(json.dumps(message))

    assert "ana@" not in str(refusal.value)
