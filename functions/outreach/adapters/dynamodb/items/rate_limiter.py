"""The row of the rate limiter. Times are microseconds: at 500 a second, permits are 2 ms apart."""

from datetime import UTC, datetime, timedelta
from typing import Any

from outreach.adapters.dynamodb.items.attributes import Attribute, Item, facts, number, read_facts
from outreach.domain.sending.account_limits import Limits
from outreach.domain.sending.rate import Throttle
from outreach.domain.sending.rate_limiter import RateLimiterState, Share
from outreach.domain.sending.recent_permits import IssuedPermit

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def rate_limiter_attributes(state: RateLimiterState) -> dict[str, Attribute]:
    """Everything but the key, with the next version. Seldom more than a kilobyte, which is one write unit."""
    limits, throttle = state.limits, state.throttle
    values: dict[str, Any] = {
        "asked": _micros(state.asked_at),
        "as_of": _micros(state.as_of),
        "granted": state.granted,
        "marketing": _share(state.marketing),
        "transactional": _share(state.transactional),
        "seen": _micros(state.transactional_at),
    }
    if limits is not None:
        told = [limits.rate, limits.quota, limits.sent, limits.sandbox, limits.enforcement, limits.enabled]
        values["limits"] = told
    if throttle.slowed_at is not None:
        values["throttle"] = [throttle.factor, _micros(throttle.slowed_at)]
    return {"facts": facts(values), "version": number(state.version + 1)}


def read_rate_limiter(item: Item) -> RateLimiterState:
    """The state of a row; a missing row is a state of version 0."""
    known = read_facts(item)
    if not known:
        return RateLimiterState()
    limits, throttle = known.get("limits"), known.get("throttle")
    return RateLimiterState(
        limits=None if limits is None else Limits(*limits),
        asked_at=_instant(known["asked"]),
        as_of=_instant(known["as_of"]),
        granted=known["granted"],
        marketing=_read_share(known["marketing"]),
        transactional=_read_share(known["transactional"]),
        transactional_at=_instant(known["seen"]),
        throttle=Throttle() if throttle is None else Throttle(throttle[0], _instant(throttle[1])),
        version=int(item["version"]["N"]),
    )


def _share(share: Share) -> list[Any]:
    """Permits are stored relative to the one before, which keeps the numbers short."""
    permits, before = [], _EPOCH
    for permit in share.recent:
        permits.append(
            [
                (permit.since - before) // _MICROSECOND,
                (permit.until - permit.since) // _MICROSECOND,
                permit.sends,
            ]
        )
        before = permit.since
    return [_micros(share.next_free), _micros(share.back), _micros(share.quota_back), permits]


def _read_share(known: list[Any]) -> Share:
    next_free, back, quota_back, told = known
    permits, since = [], _EPOCH
    for gap, length, sends in told:
        since += gap * _MICROSECOND
        permits.append(IssuedPermit(since, since + length * _MICROSECOND, sends))
    return Share(_instant(next_free), tuple(permits), _instant(back), _instant(quota_back))


def _micros(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND


def _instant(micros: int) -> datetime:
    return _EPOCH + micros * _MICROSECOND
