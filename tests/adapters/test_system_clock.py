"""The clock that production reads."""

from datetime import UTC, datetime, timedelta

from outreach.adapters.system_clock import SystemClock


def test_the_clock_returns_the_time_in_utc_to_the_millisecond() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)

    now = SystemClock().now()

    assert before <= now <= datetime.now(UTC)
    assert (now.tzinfo, now.microsecond % 1000) == (UTC, 0)


def test_the_clock_sleeps_for_the_given_time_and_not_at_all_for_less_than_nothing() -> None:
    slept: list[float] = []
    clock = SystemClock(slept.append)

    clock.sleep(timedelta(seconds=-5))
    clock.sleep(timedelta(milliseconds=20))

    assert slept == [0.0, 0.02]
