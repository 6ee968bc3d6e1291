"""Which answers to a survey count: the last one, and only a change of it is announced."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW
from outreach.domain.feedback.survey import ANNOUNCED_WITHIN, MOST_ANSWERS, Answer, next_answer


def announced(scores: list[int]) -> list[Answer]:
    """What is announced when these scores arrive one after the other."""
    found: list[Answer] = []
    for score in scores:
        answer = next_answer(found[-1] if found else None, score, NOW)
        if answer is not None:
            found.append(replace(answer, announced=True))
    return found


@pytest.mark.parametrize(
    ("scores", "counted"),
    [
        ([3] * 205, [3]),
        ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]),
        ([4, 5, 4], [4, 5, 4]),
        ([4, 4, 5, 5, 4], [4, 5, 4]),
        ([1, 2] * 50, [1, 2] * 5),
    ],
)
def test_only_a_change_of_the_answer_is_announced(scores: list[int], counted: list[int]) -> None:
    assert [answer.score for answer in announced(scores)] == counted


@given(st.lists(st.integers(1, 5), min_size=1))
def test_at_most_ten_answers_are_announced_and_each_has_the_next_number(scores: list[int]) -> None:
    found = announced(scores)

    assert [answer.revision for answer in found] == list(range(1, len(found) + 1))
    assert len(found) <= MOST_ANSWERS == 10
    if len(found) < MOST_ANSWERS:
        assert found[-1].score == scores[-1]


def test_an_announcement_that_a_crash_lost_is_made_up_for_by_the_same_answer() -> None:
    lost = Answer(4, 2, NOW)

    assert next_answer(lost, 4, NOW + ANNOUNCED_WITHIN - timedelta(seconds=1)) is None
    again = next_answer(lost, 4, NOW + ANNOUNCED_WITHIN)
    assert again == replace(lost, at=NOW + ANNOUNCED_WITHIN)


def test_the_tenth_answer_is_announced_after_a_crash_too() -> None:
    lost = Answer(4, MOST_ANSWERS, NOW)

    assert next_answer(lost, 4, NOW + ANNOUNCED_WITHIN) is not None
    assert next_answer(lost, 5, NOW + ANNOUNCED_WITHIN) is None
