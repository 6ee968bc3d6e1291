"""What is put on the bus, and that a refused entry is not overlooked."""

import json

import pytest

from adapters.scripted_service import ScriptedService
from outreach.adapters.events.eventbridge_announcer import AnnouncementRefusedError, EventBridgeAnnouncer


def _scripted() -> tuple[ScriptedService, EventBridgeAnnouncer]:
    service = ScriptedService("events")
    return service, EventBridgeAnnouncer(service.client, bus="outreach-events")


def test_an_announcement_is_an_event_of_ours_on_the_bus() -> None:
    service, announcer = _scripted()
    service.answers({"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]})

    announcer.announce("order.needs_care", event_id="evt-1", detail={"order_id": "o-1", "step": "tell"})

    (entry,) = service.requests[0]["Entries"]
    assert json.loads(entry.pop("Detail")) == {"event_id": "evt-1", "order_id": "o-1", "step": "tell"}
    assert entry == {
        "EventBusName": "outreach-events",
        "Source": "outreach",
        "DetailType": "order.needs_care",
    }


def test_an_entry_that_the_bus_refused_is_an_error() -> None:
    service, announcer = _scripted()
    service.answers(
        {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure", "ErrorMessage": "no"}]}
    )

    with pytest.raises(AnnouncementRefusedError, match="InternalFailure"):
        announcer.announce("order.needs_care", event_id="evt-1", detail={})
