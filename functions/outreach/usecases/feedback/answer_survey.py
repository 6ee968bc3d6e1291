"""Keep a customer's answer to the one question that a message asked, and announce it when it changed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from outreach.domain.errors import ConflictError, OutreachError
from outreach.domain.feedback.survey import SCORES, Answer, Question, next_answer
from outreach.usecases.attempts import retry_on_conflict

if TYPE_CHECKING:
    from outreach.ports.clock import Clock
    from outreach.ports.feedback import SurveyAnswers
    from outreach.ports.intake import Announcer, Customers

ANSWERED = "survey.answered"


class InvalidScoreError(OutreachError):
    """The answer is none of those that were offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSurvey:
    """The use case with its ports.

    The answer is stored before it is announced, so that of concurrent requests one announces. Should the
    process die in between, the next request announces it, under the same id.
    """

    customers: Customers
    answers: SurveyAnswers
    announcer: Announcer
    clock: Clock

    def __call__(self, question: Question, said: str) -> Answer | None:
        """Give the answer that was announced, or None when there was nothing to announce.

        Raises InvalidScoreError; ConflictError when races were lost again and again. An erased customer's
        answer is neither kept nor announced.
        """
        scores = {str(score): score for score in SCORES}
        if said not in scores:
            raise InvalidScoreError(f"a score is one of {', '.join(scores)}")
        answer = self._keep(question, scores[said])
        if answer is None:
            return None
        self.announcer.announce(
            ANSWERED, event_id=_event_id(question, answer), detail=_detail(question, answer)
        )
        with suppress(ConflictError):  # a newer answer is kept by now: its own request announces it
            self.answers.keep(question, answer, replace(answer, announced=True))
        return answer

    def _keep(self, question: Question, score: int) -> Answer | None:
        """Store the answer, and give it when it is to be announced."""

        def keep() -> Answer | None:
            if self.customers.customer(question.customer_id).erased_at is not None:
                return None
            known = self.answers.answer(question)
            answer = next_answer(known, score, self.clock.now())
            if answer is not None:
                self.answers.keep(question, known, answer)
            return answer

        return retry_on_conflict(keep, clock=self.clock, whose=question.customer_id)


def _detail(question: Question, answer: Answer) -> dict[str, str | int]:
    return {
        "customer_id": question.customer_id,
        "topic": question.topic,
        "score": answer.score,
        "revision": answer.revision,
    }


def _event_id(question: Question, answer: Answer) -> str:
    asked = question.topic if question.send is None else question.send.encoded()
    parts = (question.customer_id, asked, str(answer.score), str(answer.revision))
    return f"survey-{sha256('\x1f'.join(parts).encode()).hexdigest()[:32]}"
