"""The pacer: one rate for the whole account, shared by every function that sends.

It gives each sender a turn: the moment at which its messages may go. `next_free` moves on by the time that
they take (virtual scheduling, as in GCRA), so what is kept is a rate, however many send at once. Pure: the
adapter keeps the state in one item and lets only one sender change it at a time.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import ceil, floor

from outreach.domain.journeys.enrollment import HoldReason
from outreach.domain.sending.account_limits import Limits, LimitsUnknownError, SendingStatus
from outreach.domain.sending.rate import RESERVE, SHARE, Throttle, capacity, chunk_size
from outreach.domain.sending.recent_permits import IssuedPermits, first_fit, still_counting, with_permit

AHEAD = timedelta(seconds=2)
"""How far ahead turns are given: whoever takes one must be ready to sleep that long."""
QUOTA_SHARE = 0.95
"""Of the 24-hour quota, for marketing; the rest is for transactional mail."""
QUOTA_RECHECK = timedelta(minutes=15)
"""How soon a spent quota, which comes back bit by bit, is asked again."""
LONGEST_QUOTA_WAIT = timedelta(hours=4)
"""The longest anybody waits before asking again: a quota that grew meanwhile is used within this time."""
REFRESH_EVERY = timedelta(minutes=1)
"""How often the service is asked for its limits, by the whole account together."""

_ASKING = timedelta(seconds=5)
"""How long the very first asking may take before another sender tries."""
_LATE = timedelta(milliseconds=30)
"""How late a turn that is given for at once may be used: its messages must be claimed first."""
_RESERVED_FOR = timedelta(minutes=1)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Permit:
    """The right to send so many messages at that moment; fewer than asked for when no more fit one call."""

    sends: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing may go now: ask again then. Everybody who waits is told a moment of their own."""

    until: datetime
    reason: HoldReason
    """PACE or QUOTA."""


type Answer = Permit | Wait


@dataclass(frozen=True, slots=True)
class Share:
    """Marketing's or transactional mail's place in the order."""

    next_free: datetime = _LONG_AGO
    recent: IssuedPermits = ()
    back: datetime = _LONG_AGO
    """Up to when those who must wait for their turn have been told to come back."""
    quota_back: datetime = _LONG_AGO
    """The same for those who wait for the quota."""


@dataclass(frozen=True, slots=True)
class RateLimiterState:
    """All that the senders of one account must agree on."""

    limits: Limits | None = None
    asked_at: datetime = _LONG_AGO
    """When a sender last won the right to ask for the limits."""
    as_of: datetime = _LONG_AGO
    granted: int = 0
    """Messages that the limits' own count does not hold yet."""
    marketing: Share = field(default_factory=Share)
    transactional: Share = field(default_factory=Share)
    transactional_at: datetime = _LONG_AGO
    throttle: Throttle = field(default_factory=Throttle)
    version: int = 0

    def must_ask(self, now: datetime) -> bool:
        """Whether it is time to ask for the limits, and nobody is at it."""
        return now >= self.asked_at + (_ASKING if self.limits is None else REFRESH_EVERY)

    def asking(self, now: datetime) -> "RateLimiterState":
        """With the right to ask taken."""
        return replace(self, asked_at=now)

    def told(self, limits: Limits, now: datetime) -> "RateLimiterState":
        """With new limits. What cannot have gone yet is not in their count: it stays on ours."""
        ahead = max(timedelta(0), self.marketing.next_free - now)
        pending = 0 if self.limits is None else ceil(ahead / _SECOND * self._rate(now))
        after = replace(self, limits=limits, as_of=now, granted=min(self.granted, pending))
        if self.limits is None or not limits.grants_more_than(self.limits):
            return after
        # Nobody need stand behind those who were told to wait for the small quota.
        return replace(
            after,
            marketing=replace(self.marketing, quota_back=_LONG_AGO),
            transactional=replace(self.transactional, quota_back=_LONG_AGO),
        )

    def slowed(self, now: datetime) -> "RateLimiterState":
        """After the service refused for the rate: half as fast, and marketing takes a second's rest."""
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

    def take(self, sends: int, *, marketing: bool, now: datetime) -> "tuple[RateLimiterState, Answer]":
        """A turn for at most `sends` messages, and the state after it.

        Transactional mail does not queue behind marketing: it has a schedule of its own at the whole
        rate, and marketing's moves on by what it takes. Raises LimitsUnknownError before limits were told.
        """
        if sends < 1:
            raise ValueError("a turn is for one message at least")
        left = self._left(marketing=marketing)
        if self._known().rate <= 0 or (left is not None and left < 1):
            return self._wait_for_quota(sends, marketing=marketing, now=now)
        rate = self._rate(now) * (1 - RESERVE if marketing and self._reserves(now) else 1)
        share = self._share(marketing=marketing)
        asked = min(sends, chunk_size(rate), sends if left is None else left)
        at = max(now, share.next_free)
        if asked > 1:  # single messages keep their distance by `next_free` alone
            neighbours = (*share.recent, *(self.transactional.recent if marketing else ()))
            at, asked = first_fit(neighbours, at, asked, capacity(rate))
        if at > now + AHEAD:
            until = max(share.back, at)
            back = until + asked * _SECOND / (rate * SHARE)
            return self._with(replace(share, back=back), marketing=marketing), Wait(until, HoldReason.PACE)
        return self._granted(asked, at, rate, marketing=marketing, now=now), Permit(asked, at)

    def status(self, now: datetime) -> SendingStatus:
        """For people. Raises LimitsUnknownError before limits were told."""
        rate = self._rate(now) * (1 - RESERVE if self._reserves(now) else 1)
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

    def _left(self, *, marketing: bool) -> int | None:
        limits = self._known()
        if limits.quota is None:
            return None
        ours = floor(limits.quota * QUOTA_SHARE) if marketing else limits.quota
        return max(0, ours - limits.sent - self.granted)

    def _reserves(self, now: datetime) -> bool:
        return now < self.transactional_at + _RESERVED_FOR

    def _share(self, *, marketing: bool) -> Share:
        return self.marketing if marketing else self.transactional

    def _with(self, share: Share, *, marketing: bool) -> "RateLimiterState":
        return replace(self, marketing=share) if marketing else replace(self, transactional=share)

    def _wait_for_quota(
        self, sends: int, *, marketing: bool, now: datetime
    ) -> "tuple[RateLimiterState, Answer]":
        """Those who wait come back as fast as an even use of the quota would make room for them.

        When more wait than a few hours have room for, they begin again at the first moment: who comes in
        vain waits again, and nobody sleeps on when the quota has grown.
        """
        share = self._share(marketing=marketing)
        until = max(share.quota_back, now + QUOTA_RECHECK)
        if until > now + LONGEST_QUOTA_WAIT:
            until = now + QUOTA_RECHECK
        back = until + sends * _DAY / max(1, self._known().quota or 0)
        return self._with(replace(share, quota_back=back), marketing=marketing), Wait(until, HoldReason.QUOTA)

    def _granted(
        self, sends: int, at: datetime, rate: float, *, marketing: bool, now: datetime
    ) -> "RateLimiterState":
        takes = sends * _SECOND / (rate * SHARE)
        latest = max(at, now + _LATE)
        share = self._share(marketing=marketing)
        # Who follows need not wait because a few of many are late, but because much of a second's mail is.
        free = takes + (latest if sends > rate * (1 - SHARE) else at)
        moved = replace(share, next_free=free, recent=with_permit(share.recent, at, latest, sends))
        after = replace(self._with(moved, marketing=marketing), granted=self.granted + sends)
        if not marketing:
            pushed = replace(after.marketing, next_free=max(at, after.marketing.next_free) + takes)
            after = replace(after, marketing=pushed, transactional_at=now)
        # What is later than both schedules' next turns by less than a second still counts for them.
        first = max(now, min(after.marketing.next_free, after.transactional.next_free))
        return replace(
            after,
            marketing=replace(after.marketing, recent=still_counting(after.marketing.recent, first)),
            transactional=replace(
                after.transactional, recent=still_counting(after.transactional.recent, first)
            ),
        )
