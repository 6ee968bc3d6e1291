"""When marketing is paused for bounces or complaints, and by what count."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW
from outreach.domain.sending.breaker import (
    BLOCK,
    NOTHING,
    WINDOW,
    Breaker,
    Opening,
    OpenReason,
    Tally,
    tally_of,
)
from outreach.domain.sending.send import SendStatus
from outreach.domain.sending.sending_state import Pause, SendingState


def _after(*tallies: Tally) -> Breaker:
    breaker = Breaker()
    for tally in tallies:
        breaker = breaker.counting(tally, NOW)
    return breaker


@pytest.mark.parametrize(
    ("tally", "reason"),
    [
        (Tally(1000, bounces=39), None),
        (Tally(1000, bounces=40), OpenReason.BOUNCES),
        (Tally(1000, complaints=1), None),
        (Tally(1000, complaints=2), OpenReason.COMPLAINTS),
        (Tally(3000, complaints=2), None),
        (Tally(99, bounces=50, complaints=40), None),
        (Tally(100, bounces=4), None),
        (Tally(100, bounces=5), OpenReason.BOUNCES),
        (Tally(100, bounces=5, complaints=2), OpenReason.COMPLAINTS),
    ],
)
def test_it_opens_at_four_percent_bounces_or_eight_in_ten_thousand_complaints(
    tally: Tally, reason: OpenReason | None
) -> None:
    opening = _after(tally).opening

    assert (opening and opening.reason) == reason


def test_it_says_when_it_opened_and_what_it_had_counted() -> None:
    assert _after(Tally(95), Tally(5, bounces=5)).opening == Opening(
        OpenReason.BOUNCES, NOW, Tally(100, bounces=5)
    )


def test_once_open_it_stays_open_however_well_it_goes_on() -> None:
    breaker = _after(Tally(100, bounces=50), *[Tally(BLOCK)] * 30)

    assert breaker.total.bounces == 0
    assert breaker.opening is not None


def test_what_is_older_than_the_newest_thousand_is_dropped() -> None:
    bad = Tally(BLOCK, bounces=3)

    assert _after(bad, *[Tally(BLOCK)] * 9).total == Tally(WINDOW, bounces=3)
    assert _after(bad, *[Tally(BLOCK)] * 10).total == Tally(WINDOW)


def test_a_resumed_breaker_counts_from_nothing() -> None:
    closed = _after(Tally(100, bounces=50)).closed()

    assert (closed.opening, closed.total) == (None, NOTHING)
    assert closed.counting(Tally(1, bounces=1), NOW).opening is None


@pytest.mark.parametrize(
    ("status", "tally"),
    [
        (SendStatus.CLAIMED, NOTHING),
        (SendStatus.FAILED, NOTHING),
        (SendStatus.SENT, NOTHING),
        (SendStatus.SOFT_BOUNCED, Tally(1)),
        (SendStatus.DELIVERED, Tally(1)),
        (SendStatus.CLICKED, Tally(1)),
        (SendStatus.REJECTED, Tally(1)),
        (SendStatus.SUPPRESSED, Tally(1)),
        (SendStatus.BOUNCED, Tally(1, bounces=1)),
        (SendStatus.COMPLAINED, Tally(1, complaints=1)),
    ],
)
def test_a_send_counts_once_as_what_it_ends_as(status: SendStatus, tally: Tally) -> None:
    assert tally_of(status) == tally


@given(st.permutations(list(SendStatus)))
def test_however_a_send_rises_its_steps_add_up_to_its_end(path: list[SendStatus]) -> None:
    rising = [path[0]]
    rising += [status for status in path if status.rank > rising[0].rank]
    rising.sort(key=lambda status: status.rank)
    steps = [tally_of(above) - tally_of(below) for below, above in pairwise(rising)]

    assert sum(steps, tally_of(rising[0])) == tally_of(rising[-1])


@given(st.lists(st.builds(Tally, st.integers(0, 300)), max_size=40))
def test_it_remembers_the_newest_thousand_and_little_more(tallies: list[Tally]) -> None:
    breaker = _after(*tallies)
    reported = sum(tally.sends for tally in tallies)

    assert breaker.total.sends >= min(reported, WINDOW)
    assert breaker.total.sends - breaker.blocks[0].sends < WINDOW if breaker.blocks else reported == 0


def test_a_person_may_pause_marketing_or_everything_and_the_breaker_only_marketing() -> None:
    def paused(sending: SendingState) -> tuple[bool, bool]:
        return sending.marketing_paused, sending.all_paused

    assert paused(SendingState()) == (False, False)
    assert paused(SendingState(Pause(False, "new list", "ana", NOW))) == (True, False)
    assert paused(SendingState(Pause(True, "incident", "ana", NOW))) == (True, True)
    assert paused(SendingState(breaker=Breaker(opening=Opening(OpenReason.BOUNCES, NOW, NOTHING)))) == (
        True,
        False,
    )
