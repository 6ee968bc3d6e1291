"""Times as Step Functions reads them in a Wait state."""

from datetime import UTC, datetime
from math import ceil


def to_timestamp(instant: datetime) -> str:
    """RFC 3339 with whole seconds, rounded up: waking early would only mean waiting again."""
    return datetime.fromtimestamp(ceil(instant.timestamp()), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
