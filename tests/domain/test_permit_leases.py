"""A process that sends single messages leases permits for half a second; the rate holds all the same."""

import heapq
from datetime import datetime, timedelta
from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NOW
from domain.strict_ses import StrictSes
from outreach.domain.sending.account_limits import Limits
from outreach.domain.sending.permit_lease import SLOWEST, SPAN, HeldPermits, Lease
from outreach.domain.sending.rate_limiter import Permit, RateLimiterState, Wait

SECOND = timedelta(seconds=1)


def a_limiter(rate: float = 100, *, quota: int | None = None, sent: int = 0) -> RateLimiterState:
    return RateLimiterState().told(Limits(rate, quota, sent), NOW)


def test_a_lease_is_at_most_the_permits_of_half_a_second() -> None:
    _, lease = a_limiter(20).lease(1000, marketing=True, now=NOW)

    assert lease == Lease(9, NOW + SPAN)


@pytest.mark.parametrize(
    ("limiter", "wanted"),
    [
        (a_limiter(SLOWEST - 1), 9),
        (a_limiter(), 1),
        (a_limiter(quota=100, sent=95), 9),
        (a_limiter().take(50, marketing=True, now=NOW)[0], 9),
        (a_limiter().lease(40, marketing=True, now=NOW)[0], 20),
    ],
    ids=["a slow account", "one message", "no quota left", "somebody waits", "half of the room is taken"],
)
def test_there_is_no_lease_where_it_could_keep_others_from_sending(
    limiter: RateLimiterState, wanted: int
) -> None:
    assert limiter.lease(wanted, marketing=True, now=NOW) == (limiter, None)


def test_a_lease_counts_as_sent_for_the_quota() -> None:
    limiter, lease = a_limiter(quota=1000).lease(40, marketing=True, now=NOW)

    assert lease is not None
    assert limiter.status(NOW).left == 960


def test_messages_of_others_keep_clear_of_a_lease_until_its_end() -> None:
    limiter, lease = a_limiter(100).lease(48, marketing=True, now=NOW)
    assert lease is not None
    at = lease.until
    taken = 0
    while True:
        limiter, answer = limiter.take(1, marketing=True, now=at)
        if isinstance(answer, Wait) or answer.at > lease.until + SECOND:
            break
        taken += answer.sends

    assert 0 < taken + lease.sends <= 100


def test_a_process_wants_as_many_permits_as_it_asked_for_in_the_last_half_second() -> None:
    held = HeldPermits()
    for milliseconds in (0, 100, 450, 550, 900):
        held = held.asking(NOW + timedelta(milliseconds=milliseconds))

    assert len(held.asked) == 3  # those at 0 and at 100 are over half a second old


def test_a_lease_is_used_up_or_ends() -> None:
    held = HeldPermits().holding(Lease(1, NOW + SPAN))

    assert held.covers(NOW)
    assert not held.covers(NOW + SPAN)
    assert not held.using().covers(NOW)
    assert not held.dropped().covers(NOW)


def compete(
    processes: int, *, rate: int, every: float, seconds: float, seed: int, bulk: int = 0
) -> tuple[StrictSes, int]:
    """Processes that send single messages at random, `every` so many seconds on the average; and bulk calls.

    Returns what the service saw, and how often the rate limiter was asked. Claiming takes up to 30 ms,
    and a call arrives up to 28 ms later, as in `strict_ses`.
    """
    chance, order = Random(seed), count()
    ses, asked, limiter = StrictSes(rate), 0, RateLimiterState().told(Limits(rate, None, 0), NOW)
    held = dict.fromkeys(range(processes), HeldPermits())
    end = NOW + timedelta(seconds=seconds)
    steps: list[tuple[datetime, int, int, int]] = [
        (NOW + timedelta(seconds=chance.uniform(0, every)), next(order), each, 0)
        for each in range(processes + bulk)
    ]
    heapq.heapify(steps)
    while steps:
        now, _, who, sends = heapq.heappop(steps)
        if now >= end:
            continue
        if sends:
            ses.call(now, sends)
            pause = chance.uniform(0, 2 * every) if who < processes else chance.uniform(0.01, 0.06)
            heapq.heappush(steps, (now + timedelta(seconds=pause), next(order), who, 0))
            continue
        if who < processes:
            held[who] = held[who].asking(now)
        answer: Permit | Wait
        if who < processes and held[who].covers(now):
            held[who], answer = held[who].using(), Permit(1, now)
        else:
            asked += 1
            lease = None
            if who < processes:
                limiter, lease = limiter.lease(len(held[who].asked), marketing=True, now=now)
            if lease is not None:
                held[who], answer = held[who].holding(lease).using(), Permit(1, now)
            else:
                limiter, answer = limiter.take(1 if who < processes else 50, marketing=True, now=now)
        if isinstance(answer, Wait):
            heapq.heappush(steps, (answer.until, next(order), who, 0))
            continue
        leaves = max(answer.at, now + timedelta(seconds=chance.uniform(0, 0.03)))
        arrives = leaves + timedelta(seconds=chance.uniform(0, 0.028))
        heapq.heappush(steps, (arrives, next(order), who, answer.sends))
    return ses, asked


@settings(max_examples=60, deadline=None)
@given(
    st.integers(20, 600),
    st.integers(1, 30),
    st.floats(0.005, 1.0),
    st.integers(0, 3),
    st.integers(0, 1000),
)
def test_no_second_ever_holds_more_than_the_rate(
    rate: int, processes: int, every: float, bulk: int, seed: int
) -> None:
    ses, _ = compete(processes, rate=rate, every=every, seconds=6, seed=seed, bulk=bulk)

    assert ses.refused == 0
    assert ses.accepted > 0


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rate", [20, 100, 500])
def test_a_rate_that_is_wanted_whole_is_used_as_without_leases(rate: int, seed: int) -> None:
    ses, _ = compete(40, rate=rate, every=20 / rate, seconds=20, seed=seed)

    assert ses.refused == 0
    assert ses.accepted >= 0.93 * rate * 20


def test_most_messages_of_a_busy_process_in_a_quiet_account_need_no_request() -> None:
    ses, asked = compete(1, rate=500, every=0.02, seconds=20, seed=1)

    assert ses.accepted > 300
    assert asked < 0.2 * ses.accepted


def test_processes_that_send_now_and_then_lease_nothing() -> None:
    ses, asked = compete(20, rate=100, every=2, seconds=20, seed=1)

    assert asked >= ses.accepted > 100
