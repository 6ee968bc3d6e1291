"""Does nothing, every day and every hour."""

from typing import Any


def handler(event: Any, _context: Any) -> Any:
    return {"seen": event}
