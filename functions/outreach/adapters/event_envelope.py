"""The door for events from outside: from a name and its JSON to the domain's Event, or to all its problems.

What it needs (pydantic) is imported at the first event, so that importing this costs nothing.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outreach.domain.event import Event


def read(name: str, detail: Mapping[str, object] | object, *, now: datetime) -> "Event":
    """Check and translate one event; `name` is its detail-type, `detail` the parsed JSON.

    Raises InvalidEvent with every problem found: the path, what is wrong, what would be right, and never
    the value. What is null or blank counts as not mentioned.
    """
    from outreach.adapters.envelope.check import checked_event  # noqa: PLC0415 - pydantic is slow to import

    return checked_event(name, detail, now)


def event_schema() -> dict[str, object]:
    """The JSON Schema of an event's detail; kept in docs/event.schema.json."""
    from outreach.adapters.envelope.check import event_json_schema  # noqa: PLC0415 - pydantic is slow to import

    return event_json_schema()


if __name__ == "__main__":
    print(json.dumps(event_schema(), indent=2))  # noqa: T201 - this is the command's answer
