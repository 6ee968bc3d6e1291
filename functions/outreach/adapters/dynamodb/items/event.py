"""The row of an event that was taken in: enough to recognize a repeat, and nothing personal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import Attribute, Item, instant, milliseconds, number, text
from outreach.domain.intake.repeats import StoredEvent

if TYPE_CHECKING:
    from datetime import datetime

    from outreach.domain.intake.event import Event

UNEVALUATED = "unevaluated"
_SEPARATOR = ","


def event_attributes(
    event: Event, expires_at: datetime, unevaluated: frozenset[str] = frozenset()
) -> dict[str, Attribute]:
    """All but its key."""
    item = {
        "name": text(event.name),
        "occurred_at": number(milliseconds(event.occurred_at)),
        keys.EXPIRES: number(int(expires_at.timestamp())),
    }
    if event.stated_at is not None:
        item["stated_at"] = number(milliseconds(event.stated_at))
    if event.order is not None:
        item["order_id"] = text(event.order.id)
    if unevaluated:
        item[UNEVALUATED] = names(unevaluated)
    return item


def names(campaigns: frozenset[str]) -> Attribute:
    """Names of campaigns, always in the same order."""
    return text(_SEPARATOR.join(sorted(campaigns)))


def read_event(item: Item) -> StoredEvent:
    """A row without a name counts as that of any event."""
    name, at = item.get("name"), item.get("stated_at") or item.get("occurred_at")
    unevaluated = item[UNEVALUATED]["S"].split(_SEPARATOR) if UNEVALUATED in item else ()
    return StoredEvent(
        None if name is None else name["S"],
        None if at is None else instant(int(at["N"])),
        frozenset(unevaluated),
    )
