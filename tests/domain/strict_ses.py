"""An e-mail service that lets no second hold more than its rate, and functions that compete for it."""

import heapq
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from builders import NOW
from outreach.domain.sending.account_limits import Limits
from outreach.domain.sending.rate_limiter import Permit, RateLimiterState

SECOND = timedelta(seconds=1)


@dataclass
class StrictSes:
    """Refuses a call if any sliding second would hold more messages than the rate."""

    rate: int
    accepted: int = 0
    refused: int = 0
    _second: deque[tuple[datetime, int]] = field(default_factory=deque)

    def call(self, at: datetime, sends: int) -> bool:
        while self._second and self._second[0][0] <= at - SECOND:
            self._second.popleft()
        if sum(each for _, each in self._second) + sends > self.rate:
            self.refused += sends
            return False
        self._second.append((at, sends))
        self.accepted += sends
        return True


@dataclass(frozen=True)
class Sender:
    """One function: how many messages it asks a permit for, and of which kind."""

    sends: tuple[int, ...] = (50,)
    """In order, over and over."""
    marketing: bool = True
    every: timedelta = timedelta(0)
    """Rest after each call; none for one that has more than it can send."""


@dataclass
class Outcome:
    ses: StrictSes
    asked: int
    taken: int
    longest_delay: timedelta
    pace: RateLimiterState

    def share(self, seconds: float) -> float:
        """Of the rate, that was used."""
        return self.ses.accepted / (self.ses.rate * seconds)


def compete(
    senders: list[Sender],
    *,
    rate: int,
    seconds: float,
    seed: int = 0,
    jitter: float = 0.028,
    late: float = 0.03,
    pace: RateLimiterState | None = None,
    told: int | None = None,
) -> Outcome:
    """Let the senders send for a while.

    Claiming takes each of them up to `late` seconds; then it sends at its permit's instant, or at once if
    that has passed. `jitter`: the call arrives up to so many seconds later. `told`: the rate that the service
    reports, where that is not the one it keeps.
    """
    chance, order = Random(seed), count()
    ses, asked, taken, longest = StrictSes(rate), 0, 0, timedelta(0)
    pace = (pace or RateLimiterState()).told(Limits(told or rate, None, 0), NOW)
    end = NOW + timedelta(seconds=seconds)
    steps = [
        (NOW + timedelta(seconds=chance.uniform(0, 0.05)), next(order), sender, 0, 0) for sender in senders
    ]
    heapq.heapify(steps)
    while steps:
        now, _, sender, permit, sends = heapq.heappop(steps)
        if now >= end:
            continue
        if sends:
            if not ses.call(now, sends) and sender.marketing:
                pace = pace.slowed(now)
            answered = now + timedelta(seconds=chance.uniform(0.01, 0.06)) + sender.every
            heapq.heappush(steps, (answered, next(order), sender, permit + 1, 0))
            continue
        asked += 1
        wanted = sender.sends[permit % len(sender.sends)]
        pace, answer = pace.take(wanted, marketing=sender.marketing, now=now)
        if isinstance(answer, Permit):
            taken += 1
            longest = max(longest, answer.at - now)
            leaves = max(answer.at, now + timedelta(seconds=chance.uniform(0, late)))
            arrives = leaves + timedelta(seconds=chance.uniform(0, jitter))
            heapq.heappush(steps, (arrives, next(order), sender, permit, answer.sends))
        else:
            heapq.heappush(steps, (answer.until, next(order), sender, permit, 0))
    return Outcome(ses, asked, taken, longest, pace)
