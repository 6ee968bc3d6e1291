"""Durations are read as marketers write them, and refused in words that help."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.durations import LONGEST, format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("45m", timedelta(minutes=45)),
        ("12h", timedelta(hours=12)),
        ("3d", timedelta(days=3)),
        ("2w", timedelta(weeks=2)),
        ("1d12h", timedelta(days=1, hours=12)),
        (" 1D ", timedelta(days=1)),
        ("365d", LONGEST),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a duration"),
        ("3", "not a duration"),
        ("d", "not a duration"),
        ("3 days", "not a duration"),
        ("-3d", "not a duration"),
        ("1.5d", "not a duration"),
        ("३d", "not a duration"),
        ("9" * 5_000 + "d", "not a duration"),
        ("0d", "no time at all"),
        ("366d", "longer than a year"),
        ("999999999w", "longer than a year"),
    ],
)
def test_what_is_no_duration_is_refused_with_what_would_be_right(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_duration(text)


@given(st.integers(1, 365 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes)))
def test_a_duration_written_and_read_again_is_the_same(duration: timedelta) -> None:
    assert parse_duration(format_duration(duration)) == duration
