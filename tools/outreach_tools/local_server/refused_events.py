"""Events that PutEvents accepted and Outreach refused: in the dead-letter queue, or on another bus."""

import json
from collections.abc import Mapping
from typing import Any

from local_cloud import LocalCloud, RefusedMessage

INTAKE = "IntakeDeadLetterQueue"
_RESERVED = "outreach"


class RefusedEvents:
    """The content of the dead-letter queue now, and all that went to another bus."""

    def __init__(self, cloud: LocalCloud) -> None:
        self._cloud = cloud
        self._elsewhere: list[dict[str, Any]] = []

    def note(self, entry: Mapping[str, Any]) -> None:
        """Check an entry that PutEvents accepted: AWS drops it silently if no rule matches it."""
        bus = str(entry.get("EventBusName") or "default").rpartition("/")[2]
        own = self._cloud.outputs["BusName"]
        if bus != own:
            reason = f"is on the bus {bus}, which Outreach does not read; set EventBusName to {own}"
            detail = json.loads(entry["Detail"])
            self._elsewhere.append(_document(entry["DetailType"], entry["Source"], reason, detail))

    def all(self) -> list[dict[str, Any]]:
        """Everything refused so far and not sent again, each with its reason."""
        return [*self._elsewhere, *(_dead(each) for each in self._cloud.refused if each.queue == INTAKE)]


def line_of(refused: Mapping[str, Any]) -> str:
    """One refused event on one line, for the terminal."""
    return f"refused: {refused['event']} from {refused['source']}: {refused['reason']}"


def _dead(message: RefusedMessage) -> dict[str, Any]:
    event = message.event
    name, source = event.get("detail-type", ""), event.get("source", "")
    reason = message.reason or "could not be taken in (no reason recorded)"
    if source == _RESERVED:
        reason = "has the source outreach, which is reserved; set Source to a name of your own, such as shop"
    return _document(name, source, reason, event.get("detail"))


def _document(name: str, source: str, reason: str, detail: Any) -> dict[str, Any]:
    return {"event": name, "source": source, "reason": reason, "detail": detail}
