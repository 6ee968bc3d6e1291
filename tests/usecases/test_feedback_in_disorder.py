"""Feedback that arrives late, twice and in any order, and crashes: the end is always the same."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NOW
from outreach.domain.feedback.report import (
    Bounced,
    BounceKind,
    Complained,
    ComplaintKind,
    Delivered,
    Feedback,
    Opened,
    Sent,
)
from outreach.domain.sending.send import SendStatus
from some import some
from usecases.mailbag import HARD, SOFT, Mailbag
from usecases.seams import CrashError, Phase, crash

MAILS = 7
ABUSE = Complained(NOW + timedelta(hours=1), ComplaintKind.ABUSE)
ANY: list[Feedback] = [
    Sent(NOW),
    Delivered(NOW),
    Opened(NOW),
    SOFT,
    Bounced(NOW, BounceKind.TRANSIENT, "General"),
    Bounced(NOW, BounceKind.TRANSIENT, "ContentRejected"),
    Complained(NOW, ComplaintKind.NOT_SPAM),
]
BAD: list[Feedback] = [HARD, ABUSE]
type Heard = list[tuple[Feedback, int]]

_reported = st.lists(
    st.tuples(st.sampled_from(ANY * 3 + [SOFT] * 9 + BAD), st.integers(0, MAILS - 1)), max_size=16
)
_twice = _reported.flatmap(
    lambda reported: st.tuples(
        st.permutations(reported), st.permutations([*reported, *reported[:4]]), st.integers(1, 6)
    )
)


def _after(reported: Heard, batch: int) -> Mailbag:
    bag = Mailbag(MAILS)
    for start in range(0, len(reported), batch):
        assert bag.hears(*reported[start : start + batch]).failed == {}
    return bag


@settings(deadline=None, max_examples=150)
@given(_twice)
def test_order_repetition_and_batches_do_not_matter(case: tuple[Heard, Heard, int]) -> None:
    one, other, batch = case

    first, second = _after(one, 1), _after(other, batch)

    assert first.outcome() == second.outcome()
    assert first.table.state_store.counted.total == second.table.state_store.counted.total


def test_a_delivery_that_races_a_complaint_never_hides_it() -> None:
    """Both read the same send; the later writer must read again."""
    for late, early in ((Delivered(NOW), ABUSE), (ABUSE, Delivered(NOW))):
        for phase in Phase:
            bag = Mailbag()

            def rival(bag: Mailbag = bag, early: Feedback = early) -> None:
                seams, calls = bag.seams, len(bag.seams.calls)
                bag.hears(early)
                del seams.calls[calls:]

            bag.seams.at_next("move", Phase.BEFORE, rival)
            bag.hears(late)

            assert bag.status() is SendStatus.COMPLAINED, phase
            assert not bag.table.customer("c-ana").wants_marketing


def test_a_delivery_that_races_the_fifth_soft_bounce_breaks_the_row() -> None:
    reported: Heard = [(SOFT, number) for number in (0, 1, 2, 4)]
    calls = _after([*reported, (SOFT, 5)], 1).seams.calls

    for number in some(range(len(_after(reported, 1).seams.calls), len(calls))):
        bag = _after(reported, 1)
        bag.seams.at(number, Phase.BEFORE, lambda bag=bag: bag.hears((Delivered(NOW), 3)))
        bag.hears((SOFT, 5))

        assert bag.suppression is None, calls[number]


STORIES: dict[str, Heard] = {
    "hard bounce": [(HARD, 0)],
    "complaint": [(ABUSE, 0), (Delivered(NOW), 0)],
    "soft bounces": [(SOFT, number) for number in range(5)],
    "a late delivery": [*[(SOFT, number) for number in (0, 1, 3, 4, 5)], (Delivered(NOW), 2)],
    "everything": [(Delivered(NOW), 0), (HARD, 1), (ABUSE, 2), (SOFT, 3), (Sent(NOW), 4)],
}


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("phase", Phase)
def test_wherever_the_process_crashes_a_repeat_finishes_the_job(story: str, phase: Phase) -> None:
    reported = STORIES[story]
    whole = Mailbag(MAILS)
    whole.hears(*reported)

    for number, call in enumerate(some(whole.seams.calls)):
        where = f"{phase} call {number}: {call}"
        bag = Mailbag(MAILS)
        bag.seams.at(number, phase, crash)
        with pytest.raises(CrashError):
            bag.hears(*reported)
        bag.hears(*reported)

        assert bag.outcome() == whole.outcome(), where
        assert bag.waiting() == whole.waiting(), where
        assert bag.marks.health().marks == whole.marks.health().marks, where
        assert bag.table.state_store.counted.total.sends <= whole.table.state_store.counted.total.sends, where


@pytest.mark.parametrize("story", STORIES)
def test_a_port_that_fails_once_only_brings_the_report_back(story: str) -> None:
    reported = STORIES[story]
    whole = Mailbag(MAILS)
    whole.hears(*reported)

    def fail() -> None:
        raise ConnectionError

    for number in some(range(len(whole.seams.calls))):
        bag = Mailbag(MAILS)
        bag.seams.at(number, Phase.AFTER, fail)
        try:
            failed = bag.hears(*reported).failed
        except ConnectionError:
            failed = dict.fromkeys(range(len(reported)), ConnectionError())
        bag.hears(*[reported[place] for place in failed])

        assert bag.outcome() == whole.outcome(), number
