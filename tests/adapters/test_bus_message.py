"""The door between the queue and the envelope: what is not an event says so, and says nothing else."""

import json
from pathlib import Path

import pytest

from builders import NOW
from outreach.adapters.bus_message import read_message
from outreach.domain.errors import InvalidEvent

SAMPLE = (Path(__file__).parents[1] / "events/eventbridge-customer-signed-up.json").read_text()


def test_an_event_from_the_bus_is_read() -> None:
    event = read_message(SAMPLE, now=NOW)

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
    with pytest.raises(InvalidEvent, match="message: not an EventBridge event"):
        read_message(body, now=NOW)


@pytest.mark.parametrize("name", [7, None, ["a.b"], {}])
def test_an_event_whose_name_is_no_text_is_no_event_of_the_bus(name: object) -> None:
    message = json.loads(SAMPLE) | {"detail-type": name}

    with pytest.raises(InvalidEvent, match="message: not an EventBridge event"):
        read_message(json.dumps(message), now=NOW)


def test_a_name_that_is_none_is_refused_and_not_repeated() -> None:
    message = json.loads(SAMPLE) | {"detail-type": "ana@example.com"}

    with pytest.raises(InvalidEvent) as refusal:
        read_message(json.dumps(message), now=NOW)

    assert "ana@" not in str(refusal.value)
