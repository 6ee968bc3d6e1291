"""The rate limiter: one rate for the whole account, shared by every function that sends.

It grants each sender a permit: the instant at which its messages may be sent. `next_free` advances by the
time that they take (virtual scheduling, as in GCRA), so a rate is kept, however many senders there are. Pure:
the adapter stores the state in one item and lets one sender at a time change it.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import ceil, floor

from outreach.domain.journeys.enrollment import HoldReason
from outreach.domain.sending.account_limits import Limits, LimitsUnknownError, SendingStatus
from outreach.domain.sending.permit_lease import SLOWEST, SPAN, Lease
from outreach.domain.sending.rate import RESERVE, SHARE, Throttle, capacity, chunk_size
from outreach.domain.sending.recent_permits import (
    IssuedPermits,
    first_fit,
    has_lease,
    still_counting,
    taken,
    with_permit,
)

AHEAD = timedelta(seconds=2)
"""How far ahead permits are granted: a sender must be ready to sleep this long."""
QUOTA_SHARE = 0.95
"""Of the 24-hour quota, for marketing; the rest is for transactional mail."""
QUOTA_RECHECK = timedelta(minutes=15)
"""How soon a spent quota, which comes back bit by bit, is asked for again."""
LONGEST_QUOTA_WAIT = timedelta(hours=4)
"""The longest wait before a sender asks again: a quota that grew meanwhile is used within this time."""
REFRESH_EVERY = timedelta(minutes=1)
"""How often the service is asked for its limits, by all senders of the account together."""

_ASKING = timedelta(seconds=5)
"""How long the first query may take before another sender tries."""
_LATE = timedelta(milliseconds=30)
"""How late a permit for now may be used: its messages must be claimed first."""
_RESERVED_FOR = timedelta(minutes=1)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Permit:
    """The right to send so many messages at that instant; fewer than asked for when no more fit one call."""

    sends: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing may be sent now: ask again then. Every waiting sender gets a time of its own."""

    until: datetime
    reason: HoldReason
    """PACE or QUOTA."""


type Answer = Permit | Wait
type _Moved[Result] = tuple["RateLimiterState", Result]


@dataclass(frozen=True, slots=True)
class Share:
    """Marketing's or transactional mail's place in the order."""

    next_free: datetime = _LONG_AGO
    recent: IssuedPermits = ()
    back: datetime = _LONG_AGO
    """Until when the times given to waiting senders reach."""
    quota_back: datetime = _LONG_AGO
    """The same for senders that wait for the quota."""


@dataclass(frozen=True, slots=True)
class RateLimiterState:
    """The state that all senders of one account share."""

    limits: Limits | None = None
    asked_at: datetime = _LONG_AGO
    """When a sender last won the right to query the limits."""
    as_of: datetime = _LONG_AGO
    granted: int = 0
    """Messages that the limits' own count does not hold yet."""
    marketing: Share = field(default_factory=Share)
    transactional: Share = field(default_factory=Share)
    transactional_at: datetime = _LONG_AGO
    throttle: Throttle = field(default_factory=Throttle)
    version: int = 0

    def must_ask(self, now: datetime) -> bool:
        """Whether it is time to query the limits, and no sender is doing so."""
        return now >= self.asked_at + (_ASKING if self.limits is None else REFRESH_EVERY)

    def asking(self, now: datetime) -> "RateLimiterState":
        """With the right to query taken."""
        return replace(self, asked_at=now)

    def told(self, limits: Limits, now: datetime) -> "RateLimiterState":
        """With new limits. What cannot have been sent yet is not in their count: it stays in ours."""
        ahead = max(timedelta(0), self.marketing.next_free - now)
        pending = 0 if self.limits is None else ceil(ahead / _SECOND * self._rate(now))
        after = replace(self, limits=limits, as_of=now, granted=min(self.granted, pending))
        if self.limits is None or not limits.grants_more_than(self.limits):
            return after
        # Senders that waited for the small quota are no queue any more.
        return replace(
            after,
            marketing=replace(self.marketing, quota_back=_LONG_AGO),
            transactional=replace(self.transactional, quota_back=_LONG_AGO),
        )

    def slowed(self, now: datetime) -> "RateLimiterState":
        """After the service refused for the rate: half as fast, and marketing pauses for a second."""
        rested = max(self.marketing.next_free, now + _SECOND)
        return replace(
            self,
            throttle=self.throttle.slowed(now),
            marketing=replace(self.marketing, next_free=rested),
        )

    def spent(self) -> "RateLimiterState":
        """After the service refused for the quota: nothing is left, until it says otherwise."""
        left = self._left(marketing=False)
        return replace(self, granted=self.granted + (left or 0))

    def take(self, sends: int, *, marketing: bool, now: datetime) -> "_Moved[Answer]":
        """A permit for at most `sends` messages, and the state after it.

        Transactional mail does not queue behind marketing: it has a schedule of its own at the whole rate,
        and marketing's schedule advances by what it takes. Raises LimitsUnknownError before the limits are
        known.
        """
        if sends < 1:
            raise ValueError("a permit is for one message at least")
        left = self._left(marketing=marketing)
        if self._known().rate <= 0 or (left is not None and left < 1):
            return self._wait_for_quota(sends, marketing=marketing, now=now)
        rate = self._rate_of(now, marketing=marketing)
        share = self._share(marketing=marketing)
        asked = min(sends, chunk_size(rate), sends if left is None else left)
        at = max(now, share.next_free)
        neighbours = self._neighbours(marketing=marketing)
        # Beside each other, single messages keep their distance by `next_free` alone.
        if asked > 1 or has_lease(neighbours):
            at, asked = first_fit(neighbours, at, asked, capacity(rate))
        if at > now + AHEAD:
            until = max(share.back, at)
            back = until + asked * _SECOND / (rate * SHARE)
            return self._with(replace(share, back=back), marketing=marketing), Wait(until, HoldReason.PACE)
        latest = max(at, now + _LATE)
        return self._granted(asked, at, latest, rate, marketing=marketing, now=now), Permit(asked, at)

    def lease(self, wanted: int, *, marketing: bool, now: datetime) -> "_Moved[Lease | None]":
        """At most `wanted` permits for single messages within the next half second, and the state after it.

        None when a lease would keep others from sending: when one waits, or half of a second's room is
        taken. Raises LimitsUnknownError before the limits are known.
        """
        rate, left = self._rate_of(now, marketing=marketing), self._left(marketing=marketing)
        sends = min(wanted, floor(rate * SHARE * (SPAN / _SECOND)), wanted if left is None else left)
        in_use = taken(self._neighbours(marketing=marketing), now, SPAN)
        is_quiet = self._share(marketing=marketing).next_free <= now and 2 * (in_use + sends) <= capacity(
            rate
        )
        if rate < SLOWEST or sends <= 1 or not is_quiet:
            return self, None
        after = self._granted(sends, now, now + SPAN + _LATE, rate, marketing=marketing, now=now)
        return after, Lease(sends, now + SPAN)

    def status(self, now: datetime) -> SendingStatus:
        """For operators. Raises LimitsUnknownError before the limits are known."""
        rate = self._rate_of(now, marketing=True)
        return SendingStatus(
            limits=self._known(),
            as_of=self.as_of,
            rate=rate * SHARE,
            left=self._left(marketing=False),
            left_for_marketing=self._left(marketing=True),
            booked_until=max(now, self.marketing.next_free),
            slowed_at=self.throttle.slowed_at if self.throttle.at(now) < 1 else None,
        )

    def _known(self) -> Limits:
        if self.limits is None:
            raise LimitsUnknownError("the e-mail service was not asked for its limits yet")
        return self.limits

    def _rate(self, now: datetime) -> float:
        return self._known().rate * self.throttle.at(now)

    def _rate_of(self, now: datetime, *, marketing: bool) -> float:
        is_reserved = marketing and now < self.transactional_at + _RESERVED_FOR
        return self._rate(now) * (1 - RESERVE if is_reserved else 1)

    def _neighbours(self, *, marketing: bool) -> IssuedPermits:
        """The permits that a new one must keep its distance from."""
        return (*self._share(marketing=marketing).recent, *(self.transactional.recent if marketing else ()))

    def _left(self, *, marketing: bool) -> int | None:
        limits = self._known()
        if limits.quota is None:
            return None
        ours = floor(limits.quota * QUOTA_SHARE) if marketing else limits.quota
        return max(0, ours - limits.sent - self.granted)

    def _share(self, *, marketing: bool) -> Share:
        return self.marketing if marketing else self.transactional

    def _with(self, share: Share, *, marketing: bool) -> "RateLimiterState":
        return replace(self, marketing=share) if marketing else replace(self, transactional=share)

    def _wait_for_quota(self, sends: int, *, marketing: bool, now: datetime) -> "_Moved[Answer]":
        """Waiting senders return as fast as an even use of the quota would make room for them.

        When more wait than a few hours have room for, the times begin again at the first one: a sender that
        returns in vain waits again, and none sleeps on when the quota has grown.
        """
        share = self._share(marketing=marketing)
        until = max(share.quota_back, now + QUOTA_RECHECK)
        if until > now + LONGEST_QUOTA_WAIT:
            until = now + QUOTA_RECHECK
        back = until + sends * _DAY / max(1, self._known().quota or 0)
        return self._with(replace(share, quota_back=back), marketing=marketing), Wait(until, HoldReason.QUOTA)

    def _granted(
        self, sends: int, at: datetime, latest: datetime, rate: float, *, marketing: bool, now: datetime
    ) -> "RateLimiterState":
        takes = sends * _SECOND / (rate * SHARE)
        share = self._share(marketing=marketing)
        # Later messages wait when much of a second's mail is late, not because a few of many are.
        free = takes + (latest if sends > rate * (1 - SHARE) and latest <= at + _LATE else at)
        moved = replace(share, next_free=free, recent=with_permit(share.recent, at, latest, sends))
        after = replace(self._with(moved, marketing=marketing), granted=self.granted + sends)
        if not marketing:
            pushed = replace(after.marketing, next_free=max(at, after.marketing.next_free) + takes)
            after = replace(after, marketing=pushed, transactional_at=now)
        # What is less than a second later than both schedules' next permits still counts for them.
        first = max(now, min(after.marketing.next_free, after.transactional.next_free))
        return replace(
            after,
            marketing=replace(after.marketing, recent=still_counting(after.marketing.recent, first)),
            transactional=replace(
                after.transactional, recent=still_counting(after.transactional.recent, first)
            ),
        )
