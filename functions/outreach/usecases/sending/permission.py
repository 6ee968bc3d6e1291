"""The permit for messages and, after the wait for it, the last check that it may be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.domain.sending.gate import Hold
from outreach.domain.sending.rate_limiter import Permit, Wait
from outreach.usecases.sending.acquire_permit import acquire_permit
from outreach.usecases.sending.preflight import Preflight, preflight

if TYPE_CHECKING:
    from datetime import timedelta

    from outreach.ports.clock import Clock
    from outreach.ports.sending import RateLimiter, SendingStateStore


def permission(
    sends: int,
    *,
    campaign: str,
    is_marketing: bool,
    rate_limiter: RateLimiter,
    state_store: SendingStateStore,
    clock: Clock,
    patience: timedelta,
) -> tuple[Permit, Preflight] | Wait | Hold:
    """For at most `sends` messages of one campaign; or why they must wait, and until when.

    In an outage one message tries for all, so a permit for one is enough.
    """
    most = sends if state_store.rules().outage is None else 1
    permit = acquire_permit(
        most, marketing=is_marketing, rate_limiter=rate_limiter, clock=clock, patience=patience
    )
    if isinstance(permit, Wait):
        return permit
    go = preflight(state_store, campaign=campaign, is_marketing=is_marketing, now=clock.now())
    return go if isinstance(go, Hold) else (permit, go)
