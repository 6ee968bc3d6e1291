"""Puts Outreach's own events on the bus."""

from __future__ import annotations

from json import JSONEncoder
from typing import TYPE_CHECKING

from outreach.domain.errors import OutreachError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_events import EventBridgeClient

    from outreach.domain.intake.customer import Json

_compact = JSONEncoder(separators=(",", ":")).encode


class AnnouncementRefusedError(OutreachError):
    """The bus refused the event; the message is EventBridge's own code."""


class EventBridgeAnnouncer:
    """Implements the port Announcer."""

    def __init__(self, client: EventBridgeClient, *, bus: str, source: str = "outreach") -> None:
        self._client = client
        self._bus = bus
        self._source = source

    def announce(self, name: str, *, event_id: str, detail: Mapping[str, Json]) -> None:
        """Put one event on the bus. Raises AnnouncementRefusedError when the bus refuses it."""
        answer = self._client.put_events(
            Entries=[
                {
                    "EventBusName": self._bus,
                    "Source": self._source,
                    "DetailType": name,
                    "Detail": _compact({**detail, "event_id": event_id}),
                }
            ]
        )
        # The call itself succeeds even when the entry was refused.
        if answer["FailedEntryCount"]:
            raise AnnouncementRefusedError(answer["Entries"][0].get("ErrorCode", "unknown"))
