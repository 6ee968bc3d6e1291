"""Permits: which sender may send how many messages, and when."""

from datetime import timedelta

import pytest

from builders import NOW
from outreach.domain.journeys.enrollment import HoldReason
from outreach.domain.sending.account_limits import Limits, LimitsUnknownError
from outreach.domain.sending.rate_limiter import (
    AHEAD,
    LONGEST_QUOTA_WAIT,
    QUOTA_RECHECK,
    Permit,
    RateLimiterState,
    Wait,
)

SANDBOX = Limits(1, 200, 0, sandbox=True)


def a_rate_limiter(rate: float = 14, quota: int | None = None, sent: int = 0) -> RateLimiterState:
    return RateLimiterState().told(Limits(rate, quota, sent), NOW)


def grants(
    pace: RateLimiterState, *, sends: int = 1, marketing: bool = True, most: int = 100
) -> tuple[RateLimiterState, list[Permit]]:
    """All the permits that can be had now."""
    given: list[Permit] = []
    for _ in range(most):
        pace, answer = pace.take(sends, marketing=marketing, now=NOW)
        if isinstance(answer, Wait):
            break
        given.append(answer)
    return pace, given


def test_the_first_permit_is_at_once() -> None:
    _, answer = a_rate_limiter().take(14, marketing=True, now=NOW)

    assert answer == Permit(14, NOW)


def test_a_permit_is_no_larger_than_one_call_can_be() -> None:
    _, small = a_rate_limiter(14).take(1000, marketing=True, now=NOW)
    _, large = a_rate_limiter(500).take(1000, marketing=True, now=NOW)

    assert (small, large) == (Permit(14, NOW), Permit(50, NOW))


def test_permits_follow_each_other_at_97_percent_of_the_rate() -> None:
    _, given = grants(a_rate_limiter(100), most=98)

    assert given[97].at - given[0].at == pytest.approx(timedelta(seconds=1), abs=timedelta(milliseconds=1))


def test_a_permit_for_now_may_be_used_a_little_late_so_the_next_one_is_later_too() -> None:
    pace, _ = a_rate_limiter(14).take(14, marketing=True, now=NOW)
    queued, _ = pace.take(14, marketing=True, now=NOW)

    assert pace.marketing.next_free - NOW == timedelta(seconds=0.03 + 14 / 13.58)
    assert queued.marketing.next_free - pace.marketing.next_free == timedelta(seconds=14 / 13.58)


def test_permits_are_granted_two_seconds_ahead_and_no_further() -> None:
    pace, given = grants(a_rate_limiter(14), sends=14)

    assert [permit.at - NOW for permit in given] == pytest.approx(
        [timedelta(0), timedelta(seconds=1.061)], abs=timedelta(milliseconds=1)
    )
    assert all(permit.at <= NOW + AHEAD for permit in given)
    assert isinstance(pace.take(14, marketing=True, now=NOW)[1], Wait)


def test_every_waiting_sender_comes_back_at_an_instant_of_its_own() -> None:
    pace, given = grants(a_rate_limiter(14), sends=14)
    pace, first = pace.take(14, marketing=True, now=NOW)
    _, second = pace.take(14, marketing=True, now=NOW)

    assert isinstance(first, Wait)
    assert isinstance(second, Wait)
    assert first.reason is HoldReason.PACE
    assert given[-1].at < first.until < second.until
    assert second.until - first.until == pytest.approx(
        timedelta(seconds=1.031), abs=timedelta(milliseconds=1)
    )


def test_waiting_takes_no_permit_away() -> None:
    pace, _ = grants(a_rate_limiter(14), sends=14)
    for _ in range(50):
        pace, _ = pace.take(14, marketing=True, now=NOW)

    later = NOW + timedelta(seconds=2)
    assert pace.take(14, marketing=True, now=later)[1] == Permit(14, pace.marketing.next_free)


def test_an_idle_minute_is_not_made_up_for() -> None:
    pace, _ = a_rate_limiter(14).take(14, marketing=True, now=NOW)
    later = NOW + timedelta(minutes=1)

    pace, first = pace.take(14, marketing=True, now=later)
    _, second = pace.take(14, marketing=True, now=later)

    assert (first, isinstance(second, Permit) and second.at > later) == (Permit(14, later), True)


def test_transactional_mail_goes_at_once_however_much_marketing_is_booked() -> None:
    pace, _ = grants(a_rate_limiter(14), sends=14)

    assert pace.take(1, marketing=False, now=NOW)[1] == Permit(1, NOW)


def test_marketing_makes_room_for_transactional_mail() -> None:
    quiet = a_rate_limiter(14)
    busy, _ = quiet.take(1, marketing=False, now=NOW)

    _, beside = busy.take(14, marketing=True, now=NOW)

    assert beside == Permit(
        11, busy.marketing.next_free
    )  # twelve are nine tenths of the room, and one is taken
    assert busy.status(NOW).rate == pytest.approx(0.9 * quiet.status(NOW).rate)


def test_a_minute_without_transactional_mail_gives_marketing_the_whole_rate_again() -> None:
    pace, _ = a_rate_limiter(14).take(1, marketing=False, now=NOW)

    assert pace.take(14, marketing=True, now=NOW + timedelta(minutes=1))[1] == Permit(
        14, NOW + timedelta(minutes=1)
    )


def test_a_flood_of_transactional_mail_keeps_the_rate_too() -> None:
    pace, given = grants(a_rate_limiter(14), marketing=False)

    assert given[14].at - given[0].at > timedelta(seconds=1)
    answer = pace.take(1, marketing=False, now=NOW)[1]
    assert isinstance(answer, Wait)
    assert answer.reason is HoldReason.PACE


def test_a_refusal_halves_the_rate_and_it_comes_back_by_tenths() -> None:
    slowed = a_rate_limiter(100).slowed(NOW)

    def rate(seconds: float) -> float:
        return slowed.status(NOW + timedelta(seconds=seconds)).rate / 97

    assert [rate(seconds) for seconds in (0, 9, 10, 25, 50, 500)] == pytest.approx([0.5, 0.5, 0.6, 0.7, 1, 1])
    assert slowed.status(NOW).slowed_at == NOW
    assert slowed.status(NOW + timedelta(minutes=1)).slowed_at is None


def test_many_reports_of_one_refusal_halve_the_rate_once() -> None:
    slowed = a_rate_limiter(100)
    for milliseconds in range(0, 1000, 100):
        slowed = slowed.slowed(NOW + timedelta(milliseconds=milliseconds))

    assert slowed.status(NOW).rate == pytest.approx(48.5)


def test_however_often_it_is_refused_something_still_goes() -> None:
    slowed = a_rate_limiter(1)
    for minute in range(20):
        slowed = slowed.slowed(NOW + timedelta(seconds=3 * minute))

    _, answer = slowed.take(5, marketing=True, now=NOW + timedelta(minutes=1, seconds=10))
    assert isinstance(answer, Permit)


def test_marketing_leaves_a_twentieth_of_the_quota_to_transactional_mail() -> None:
    pace = a_rate_limiter(14, quota=1000, sent=950)

    _, marketing = pace.take(1, marketing=True, now=NOW)
    _, transactional = pace.take(1, marketing=False, now=NOW)

    assert marketing == Wait(NOW + QUOTA_RECHECK, HoldReason.QUOTA)
    assert transactional == Permit(1, NOW)
    assert (pace.status(NOW).left, pace.status(NOW).left_for_marketing) == (50, 0)


def test_the_last_of_the_quota_is_given_and_no_more() -> None:
    pace, last = a_rate_limiter(14, quota=1000, sent=997).take(14, marketing=False, now=NOW)

    assert last == Permit(3, NOW)
    assert isinstance(pace.take(1, marketing=False, now=NOW)[1], Wait)


def test_who_waits_for_the_quota_comes_back_as_fast_as_it_does() -> None:
    pace = a_rate_limiter(14, quota=24, sent=24)
    pace, first = pace.take(2, marketing=False, now=NOW)
    _, second = pace.take(2, marketing=False, now=NOW)

    assert first == Wait(NOW + QUOTA_RECHECK, HoldReason.QUOTA)
    assert second == Wait(NOW + QUOTA_RECHECK + timedelta(hours=2), HoldReason.QUOTA)


@pytest.mark.parametrize("quota", [None, 200])
@pytest.mark.parametrize("marketing", [True, False])
def test_a_rate_of_zero_holds_as_a_quota_of_zero_does(quota: int | None, marketing: bool) -> None:
    pace, answer = a_rate_limiter(0, quota=quota).take(2, marketing=marketing, now=NOW)

    assert answer == Wait(NOW + QUOTA_RECHECK, HoldReason.QUOTA)
    granted = pace.told(Limits(14, quota, 0), NOW)
    assert isinstance(granted.take(2, marketing=marketing, now=NOW)[1], Permit)


def test_however_many_wait_for_the_quota_all_look_again_within_hours_and_spread_over_them() -> None:
    pace, waits = a_rate_limiter(1, quota=200, sent=200), []
    for _ in range(5000):
        pace, answer = pace.take(1, marketing=True, now=NOW)
        assert isinstance(answer, Wait)
        waits.append(answer.until - NOW)

    assert QUOTA_RECHECK <= min(waits) <= max(waits) <= LONGEST_QUOTA_WAIT
    assert len(set(waits)) > 30


def test_a_larger_quota_is_not_waited_for_behind_those_who_waited_for_the_small_one() -> None:
    pace = a_rate_limiter(1, quota=200, sent=200)
    for _ in range(20):
        pace, _ = pace.take(1, marketing=True, now=NOW)

    for quota in (50_000, None):
        told = pace.told(Limits(14, quota, quota or 0), NOW)
        assert told.marketing.quota_back < NOW
    same = pace.told(Limits(14, 200, 200), NOW)
    assert same.marketing.quota_back > NOW


def test_without_a_quota_none_is_asked_for() -> None:
    pace = a_rate_limiter(14, quota=None, sent=10**9)

    assert pace.take(1, marketing=True, now=NOW)[1] == Permit(1, NOW)
    assert pace.status(NOW).left is None


def test_a_quota_that_the_service_calls_spent_is_spent_until_it_says_otherwise() -> None:
    spent = a_rate_limiter(14, quota=1000, sent=10).spent()

    assert isinstance(spent.take(1, marketing=False, now=NOW)[1], Wait)
    told = spent.told(Limits(14, 1000, 990), NOW + timedelta(minutes=1))
    assert isinstance(told.take(1, marketing=False, now=NOW + timedelta(minutes=1))[1], Permit)


def test_new_limits_keep_the_count_of_what_is_still_to_be_sent() -> None:
    pace, given = grants(a_rate_limiter(14, quota=1000), sends=14)
    told = pace.told(Limits(14, 1000, 0), NOW)

    assert len(given) == 2
    assert told.status(NOW).left == 1000 - 28
    assert pace.told(Limits(14, 1000, 28), NOW + timedelta(minutes=1)).status(NOW).left == 1000 - 28


def test_the_sandbox_sends_one_a_second_and_keeps_ten_of_its_two_hundred() -> None:
    pace, sent, now = RateLimiterState().told(SANDBOX, NOW), 0, NOW
    while isinstance((step := pace.take(50, marketing=True, now=now))[1], Permit):
        pace, permit = step
        sent, now = sent + permit.sends, permit.at
        assert permit.sends == 1
    assert (sent, step[1]) == (190, Wait(now + QUOTA_RECHECK, HoldReason.QUOTA))
    assert pace.status(now).limits.sandbox


def test_the_limits_are_asked_for_once_a_minute() -> None:
    new = RateLimiterState()
    asked = new.asking(NOW)
    told = asked.told(SANDBOX, NOW)

    assert new.must_ask(NOW)
    assert not asked.must_ask(NOW + timedelta(seconds=4))
    assert asked.must_ask(NOW + timedelta(seconds=5))  # the process that queried has crashed
    assert not told.must_ask(NOW + timedelta(seconds=59))
    assert told.must_ask(NOW + timedelta(seconds=60))


def test_nothing_is_given_before_the_limits_are_known() -> None:
    with pytest.raises(LimitsUnknownError):
        RateLimiterState().take(1, marketing=True, now=NOW)


def test_a_permit_for_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="one message"):
        a_rate_limiter().take(0, marketing=True, now=NOW)
