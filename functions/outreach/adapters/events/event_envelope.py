"""Translates events from outside: from a name and its JSON to the domain's Event, or to all its problems.

pydantic is imported at the first event, so that importing this module costs nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from outreach.domain.errors import Problem
    from outreach.domain.intake.event import Event


def _ignored(_: Problem) -> None:
    pass


def read(
    name: str,
    detail: Mapping[str, object] | object,
    *,
    now: datetime,
    received_at: datetime | None = None,
    stamped_at: datetime | None = None,
    on_left_out: Callable[[Problem], None] = _ignored,
) -> Event:
    """Check and translate one event; `name` is its detail-type, `detail` the parsed JSON.

    Raises InvalidEventError with every problem found: the path, what is wrong, what would be right, and never
    the value. Null and blank values count as missing; so does a wrong field that the event can do without,
    and `on_left_out` gets each of those. No time but a promise counts as later than the receipt:
    `received_at` (now, if not given), or `stamped_at`, when the bus received it, if that is earlier.
    """
    from outreach.adapters.events.envelope.check import Receipt, checked_event  # noqa: PLC0415 - pydantic is slow to import

    return checked_event(
        name, detail, now, Receipt(now if received_at is None else received_at, stamped_at), on_left_out
    )


def may_be_left_out() -> frozenset[str]:
    """The paths of the fields that are left out of an event when they are wrong."""
    from outreach.adapters.events.envelope.check import LEFT_OUT_IF_WRONG  # noqa: PLC0415 - pydantic is slow to import

    return frozenset(map(".".join, LEFT_OUT_IF_WRONG))


def event_schema() -> dict[str, object]:
    """The JSON Schema of an event's detail; kept in docs/event.schema.json."""
    from outreach.adapters.events.envelope.check import event_json_schema  # noqa: PLC0415 - pydantic is slow to import

    return event_json_schema()


if __name__ == "__main__":
    print(json.dumps(event_schema(), indent=2))  # noqa: T201 - this is the command's answer
