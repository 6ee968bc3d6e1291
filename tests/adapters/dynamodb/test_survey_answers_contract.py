"""What every SurveyAnswers must do, the fake as well as the table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.dynamodb.conftest import Memory
from builders import NOW, a_customer
from outreach.domain.errors import ConflictError
from outreach.domain.feedback.survey import Answer, Question
from outreach.domain.sending.send import SendId

SEND = SendId("c-ana", "onboarding", "o#1 %/ñ", 2, "how-is-it-going")
ASKED = Question("c-ana", "getting-started", SEND)
OTHERS = (
    Question("c-ana", "getting-started"),
    Question("c-ana", "news"),
    replace(ASKED, send=replace(SEND, run=1)),
    replace(ASKED, send=replace(SEND, step="again")),
    replace(ASKED, send=replace(SEND, key="o")),
    replace(ASKED, customer_id="c-bob", send=replace(SEND, customer_id="c-bob")),
)
FIRST = Answer(4, 1, NOW)


def test_an_answer_is_kept_for_its_question_alone(memory: Memory) -> None:
    memory.answers.keep(ASKED, None, FIRST)

    assert memory.answers.answer(ASKED) == FIRST
    assert [memory.answers.answer(other) for other in OTHERS] == [None] * len(OTHERS)


def test_an_answer_takes_the_place_of_the_one_that_was_read(memory: Memory) -> None:
    changed = Answer(5, 2, NOW + timedelta(hours=1), announced=True)
    memory.answers.keep(ASKED, None, FIRST)
    memory.answers.keep(ASKED, FIRST, changed)

    assert memory.answers.answer(ASKED) == changed


@pytest.mark.parametrize(
    "read",
    [None, replace(FIRST, score=3), replace(FIRST, revision=2), replace(FIRST, announced=True),
     replace(FIRST, at=NOW + timedelta(seconds=1))],
)  # fmt: skip
def test_an_answer_that_changed_meanwhile_is_a_conflict(memory: Memory, read: Answer | None) -> None:
    memory.answers.keep(ASKED, None, FIRST)

    with pytest.raises(ConflictError):
        memory.answers.keep(ASKED, read, Answer(5, 2, NOW))
    assert memory.answers.answer(ASKED) == FIRST


def test_an_answer_of_a_customer_who_was_erased_is_a_conflict(memory: Memory) -> None:
    memory.take_in(a_customer("c-ana", erased_at=NOW))

    with pytest.raises(ConflictError):
        memory.answers.keep(ASKED, None, FIRST)
    assert memory.answers.answer(ASKED) is None


def test_all_answers_of_a_customer_are_found_and_erased(memory: Memory) -> None:
    for asked in (ASKED, *OTHERS):
        memory.answers.keep(asked, None, FIRST)

    found = memory.erasable_records.answers_of("c-ana")
    assert found == dict.fromkeys((ASKED, *OTHERS[:-1]), FIRST)
    for asked, answer in found.items():
        memory.erasable_records.drop_answer(asked, answer)

    assert memory.erasable_records.answers_of("c-ana") == {}
    assert memory.answers.answer(OTHERS[-1]) == FIRST


def test_an_answer_that_changed_meanwhile_is_not_erased(memory: Memory) -> None:
    memory.answers.keep(ASKED, None, FIRST)

    with pytest.raises(ConflictError):
        memory.erasable_records.drop_answer(ASKED, replace(FIRST, score=2))
    assert memory.answers.answer(ASKED) == FIRST
