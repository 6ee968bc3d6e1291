"""The minute of a wake: full, never before what is due, and never so soon that the index may be behind."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW
from outreach.domain.sweeps.wake import HORIZON, LEAD, next_minute, wake_minute


@pytest.mark.parametrize(
    ("due_in", "wake_in"),
    [
        (timedelta(0), timedelta(minutes=1)),
        (timedelta(days=-2), timedelta(minutes=1)),
        (timedelta(seconds=59), timedelta(minutes=1)),
        (timedelta(minutes=1), timedelta(minutes=1)),
        (timedelta(minutes=1, microseconds=1), timedelta(minutes=2)),
        (HORIZON, HORIZON),
        (HORIZON + timedelta(microseconds=1), None),
    ],
)
def test_a_wake_comes_at_the_first_full_minute(due_in: timedelta, wake_in: timedelta | None) -> None:
    expected = None if wake_in is None else NOW + wake_in

    assert wake_minute(NOW + due_in, NOW) == expected


def test_what_was_written_just_before_a_minute_is_swept_at_the_next() -> None:
    now = NOW + timedelta(seconds=51)

    assert wake_minute(now, now) == NOW + timedelta(minutes=2)
    assert wake_minute(now, now - timedelta(seconds=1)) == NOW + timedelta(minutes=1)


@given(st.timedeltas(-HORIZON, HORIZON), st.timedeltas(timedelta(0), timedelta(hours=1)))
def test_a_wake_is_late_by_less_than_a_minute_and_the_lead(due_in: timedelta, later: timedelta) -> None:
    now = NOW + later
    due_at = now + due_in

    minute = wake_minute(due_at, now)

    assert minute is not None
    assert (minute.second, minute.microsecond) == (0, 0)
    earliest = max(due_at, now + LEAD)
    assert earliest <= minute < earliest + timedelta(minutes=1)
    assert wake_minute(minute, now) == minute
    assert next_minute(minute) - minute == timedelta(minutes=1)
