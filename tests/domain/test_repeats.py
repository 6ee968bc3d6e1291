"""A repeat is the same event again; another event under its id is refused."""

from datetime import timedelta

import pytest

from builders import NOW, an_event
from outreach.domain.errors import ReusedEventIdError
from outreach.domain.intake.event import COMPLAINED, ORDER_DELAYED, ORDER_PLACED, SUPPRESSED
from outreach.domain.intake.repeats import StoredEvent, refuse_reused_id, stored_event_of

HOUR = timedelta(hours=1)
MS = timedelta(milliseconds=1)


@pytest.mark.parametrize("apart", [timedelta(0), HOUR - MS, -(HOUR - MS)])
def test_the_same_name_less_than_an_hour_apart_is_a_repeat(apart: timedelta) -> None:
    refuse_reused_id(an_event(ORDER_PLACED, occurred_at=NOW + apart), StoredEvent(ORDER_PLACED, NOW))


@pytest.mark.parametrize(
    ("name", "apart", "words"),
    [
        (ORDER_DELAYED, timedelta(0), "another event of this customer, `order.placed`"),
        (ORDER_PLACED, HOUR, "`order.placed` that occurred 1 hour earlier or later"),
        (ORDER_PLACED, -HOUR, "`order.placed` that occurred 1 hour earlier or later"),
        (ORDER_PLACED, timedelta(days=40), "`order.placed` that occurred 40 days earlier or later"),
    ],
)
def test_another_name_or_another_time_is_another_event(name: str, apart: timedelta, words: str) -> None:
    with pytest.raises(ReusedEventIdError, match="event_id: is the id of another event") as refused:
        refuse_reused_id(an_event(name, occurred_at=NOW + apart), StoredEvent(ORDER_PLACED, NOW))

    assert words in str(refused.value)
    assert "evt-1" not in str(refused.value)


def test_a_clock_that_is_ahead_makes_no_other_event_of_a_repeat() -> None:
    """What counts is limited to the receipt, which is later for the second delivery."""
    first = an_event(ORDER_PLACED, occurred_at=NOW, stated_at=NOW + 3 * HOUR)
    again = an_event(ORDER_PLACED, occurred_at=NOW + 3 * HOUR)

    refuse_reused_id(again, stored_event_of(first))
    refuse_reused_id(first, stored_event_of(again))


def test_outreachs_own_event_of_an_address_is_compared_by_name_alone() -> None:
    stored = StoredEvent(SUPPRESSED, NOW)

    refuse_reused_id(an_event(SUPPRESSED, occurred_at=NOW + timedelta(days=3)), stored)
    with pytest.raises(ReusedEventIdError):
        refuse_reused_id(an_event(COMPLAINED, occurred_at=NOW), stored)


@pytest.mark.parametrize("stored", [StoredEvent(), StoredEvent(name=ORDER_PLACED)])
def test_a_row_that_does_not_say_what_it_is_of_stays_that_of_a_repeat(stored: StoredEvent) -> None:
    refuse_reused_id(an_event(ORDER_DELAYED), stored)
