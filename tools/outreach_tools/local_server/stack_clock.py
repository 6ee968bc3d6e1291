"""How time passes in the stack: with the machine's clock, or only on request."""

import json
import math
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import time_machine

from local_cloud import LocalCloud
from outreach_tools.local_server.exchange import RefusedRequestError

SPANS = ("days", "hours", "minutes", "seconds")
LONGEST = timedelta(days=3660)
"""Of one advance; a mistake such as milliseconds for seconds would keep the stack busy for hours."""


class StackClock:
    """A running clock keeps the distance that `advance` gave it from the machine's."""

    def __init__(self, cloud: LocalCloud, *, runs: bool) -> None:
        self._cloud = cloud
        self._runs = runs
        self._seen = cloud.now.timestamp()

    def catch_up(self) -> None:
        """Let as much time pass in the stack as passed on the machine. A clock that was set back stops."""
        if not self._runs:
            return
        now = time_machine.escape_hatch.time.time()
        elapsed, self._seen = max(0.0, now - self._seen), now
        self._cloud.advance(seconds=elapsed)

    def advance(self, body: bytes) -> None:
        """Let the time pass that a request asks for: {"days": 3}, or {"until": "2026-03-02T09:00:00Z"}.

        Raises RefusedRequestError for anything else.
        """
        asked = _object(body)
        unknown = sorted(set(asked) - {*SPANS, "until"})
        if unknown or not asked or ("until" in asked and len(asked) > 1):
            raise _wrong(f'give some of {", ".join(SPANS)}, such as {{"days": 3}}, or until alone')
        span = self._until(asked["until"]) if "until" in asked else _span(asked)
        if not timedelta() <= span <= LONGEST:
            raise _wrong(f"time goes forward, by {LONGEST.days} days at most in one step")
        self._cloud.advance(seconds=span.total_seconds())

    def _until(self, text: object) -> timedelta:
        try:
            instant = datetime.fromisoformat(text if isinstance(text, str) else "")
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None:
            raise _wrong("until must be an instant with its offset, such as 2026-03-02T09:00:00Z")
        return instant - self._cloud.now


def _object(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body)
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        raise _wrong('the body must be a JSON object, such as {"days": 3}')
    return asked


def _span(asked: dict[str, Any]) -> timedelta:
    for name, value in asked.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise _wrong(f"{name} must be a number")
    try:
        return timedelta(**asked)
    except OverflowError:
        return timedelta.max


def _wrong(message: str) -> RefusedRequestError:
    return RefusedRequestError(HTTPStatus.BAD_REQUEST, message)
