"""A customer's records beside the profile, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from outreach.domain.errors import ConflictError
from outreach.domain.feedback.survey import Answer, Question
from outreach.domain.intake.order import Order
from outreach.domain.journeys.enrollment import Enrollment

if TYPE_CHECKING:
    from fake_table import FakeTable


class FakeErasableRecords:
    """ErasableRecords over the rows of a FakeTable."""

    def __init__(self, table: "FakeTable") -> None:
        self._table = table

    def keep_of_order(self, customer_id: str, order: Order, left: Order | None) -> None:
        known = self._table.order(customer_id, order.id)
        if known is None or known.version != order.version:
            raise ConflictError("the order changed since it was read")
        if left is None:
            del self._table.orders[customer_id, order.id]
        else:
            self._table.orders[customer_id, order.id] = replace(left, version=left.version + 1)

    def runs_of(self, customer_id: str) -> Sequence[Enrollment]:
        return [run for run in self._table.runs.values() if run.id.customer_id == customer_id]

    def drop_properties(self, run: Enrollment) -> None:
        """They lie in the run itself here."""

    def keep_run(self, run: Enrollment) -> None:
        known = self._table.runs[run.id, run.run]
        if known.version != run.version:
            raise ConflictError("the run changed since it was read")
        kept = replace(run, sends=known.sends, version=run.version + 1)
        self._table.runs[run.id, run.run] = kept

    def drop_enrollment(self, enrollment: Enrollment) -> None:
        if self._table.enrollments[enrollment.id].version != enrollment.version:
            raise ConflictError("the enrollment changed since it was read")
        del self._table.enrollments[enrollment.id]

    def drop_run(self, run: Enrollment) -> None:
        self._table.runs.pop((run.id, run.run), None)

    def answers_of(self, customer_id: str) -> Mapping[Question, Answer]:
        return {
            asked: answer for asked, answer in self._table.answers.items() if asked.customer_id == customer_id
        }

    def drop_answer(self, question: Question, answer: Answer) -> None:
        if self._table.answers.get(question) != answer:
            raise ConflictError("the answer changed since it was read")
        del self._table.answers[question]
