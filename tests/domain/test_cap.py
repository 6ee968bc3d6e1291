"""A customer gets only so much marketing mail, and room comes back when a span has passed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.sending.cap import DEFAULT_CAPS, Cap, remembered, room_at

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_with_nothing_sent_there_is_room_now() -> None:
    assert room_at((), DEFAULT_CAPS, NOON) == NOON


def test_after_one_at_noon_there_is_room_at_noon_next_day() -> None:
    assert room_at((NOON,), DEFAULT_CAPS, NOON + HOUR) == NOON + DAY
    assert room_at((NOON,), DEFAULT_CAPS, NOON + DAY) == NOON + DAY


def test_three_in_a_week_close_the_week() -> None:
    mailed = (NOON, NOON + DAY, NOON + 2 * DAY)

    assert room_at(mailed, DEFAULT_CAPS, NOON + 3 * DAY) == NOON + 7 * DAY


def test_what_was_sent_long_ago_counts_no_more() -> None:
    assert room_at((NOON - 30 * DAY,), DEFAULT_CAPS, NOON) == NOON
    assert remembered((NOON - 30 * DAY, NOON - DAY), DEFAULT_CAPS, NOON) == (NOON - DAY,)


@pytest.mark.parametrize(("sends", "span"), [(0, DAY), (-1, DAY), (1, timedelta(0))])
def test_a_cap_of_nothing_is_refused(sends: int, span: timedelta) -> None:
    with pytest.raises(ValueError, match="pause instead"):
        Cap(sends, span)


caps = st.lists(
    st.builds(Cap, st.integers(1, 4), st.integers(1, 200).map(lambda hours: timedelta(hours=hours))),
    max_size=3,
).map(tuple)
histories = st.lists(st.integers(0, 400).map(lambda hours: NOON - timedelta(hours=hours)), max_size=12).map(
    lambda instants: tuple(sorted(instants))
)


def fits(mailed: tuple[datetime, ...], limits: tuple[Cap, ...], instant: datetime) -> bool:
    return all(sum(instant - cap.span < at <= instant for at in mailed) < cap.sends for cap in limits)


@given(histories, caps)
def test_room_is_the_first_hour_that_fits_under_every_cap(
    mailed: tuple[datetime, ...], limits: tuple[Cap, ...]
) -> None:
    room = room_at(mailed, limits, NOON)

    assert fits(mailed, limits, room)
    hours = int((room - NOON) / HOUR)
    assert not any(fits(mailed, limits, NOON + hour * HOUR) for hour in range(hours))


@given(histories, caps)
def test_forgetting_old_sends_changes_no_answer(
    mailed: tuple[datetime, ...], limits: tuple[Cap, ...]
) -> None:
    assert room_at(remembered(mailed, limits, NOON), limits, NOON) == room_at(mailed, limits, NOON)
