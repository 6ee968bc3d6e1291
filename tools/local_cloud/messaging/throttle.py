"""Throttling of an HTTP API's routes: one token bucket each, on the virtual clock.

AWS documents a token bucket whose size is the burst and which is refilled at the rate; it calls both targets
that are applied on a best-effort basis, and here they are exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local_cloud.clock import VirtualClock

ACCOUNT_RATE = 10_000.0
ACCOUNT_BURST = 5_000.0
"""Requests a second, and at once: AWS's default quotas of an account, where a stage sets nothing."""


@dataclass(slots=True)
class _Bucket:
    rate: float
    burst: float
    tokens: float
    filled_at: float

    def take(self, now: float) -> bool:
        self.tokens = min(self.burst, self.tokens + (now - self.filled_at) * self.rate)
        self.filled_at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


@dataclass(slots=True)
class Throttle:
    """Decides for each request whether its route still has room."""

    clock: VirtualClock
    default: Mapping[str, Any] = field(default_factory=dict)
    """`DefaultRouteSettings` of the stage."""
    of_route: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """`RouteSettings` of the stage, by route key such as `GET /u/{token}`."""
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def admits(self, route_key: str) -> bool:
        """Whether this request may pass; a refused one takes no token."""
        if route_key not in self._buckets:
            self._buckets[route_key] = self._full(route_key)
        return self._buckets[route_key].take(self.clock.now)

    def _full(self, route_key: str) -> _Bucket:
        settings = {**self.default, **self.of_route.get(route_key, {})}
        rate = float(settings.get("ThrottlingRateLimit", ACCOUNT_RATE))
        burst = float(settings.get("ThrottlingBurstLimit", ACCOUNT_BURST))
        return _Bucket(rate, burst, burst, self.clock.now)
