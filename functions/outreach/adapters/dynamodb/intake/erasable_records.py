"""All archived runs of a customer, and what is left of runs and orders when the customer is erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.conflicts import conflict_when_changed
from outreach.adapters.dynamodb.feedback.survey_answers import DynamoSurveyAnswers, read_answer, read_question
from outreach.adapters.dynamodb.items.change import Change
from outreach.adapters.dynamodb.items.enrollment import read_enrollment
from outreach.adapters.dynamodb.items.order import order_attributes
from outreach.adapters.dynamodb.journeys.enrollment_change import moved
from outreach.adapters.dynamodb.journeys.trigger_properties import completed, properties_key
from outreach.adapters.dynamodb.rows_of_customer import rows_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.domain.feedback.survey import Answer, Question
    from outreach.domain.intake.order import Order
    from outreach.domain.journeys.enrollment import Enrollment


class DynamoErasableRecords:
    """Implements the port Traces. Every row is written by itself, so there may be any number of them."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table
        self._answers = DynamoSurveyAnswers(client, table)

    def keep_of_order(self, customer_id: str, order: Order, left: Order | None) -> None:
        """Store what is left of an order; without anything left its row is deleted.

        Raises ConflictError when it changed since it was read.
        """
        key, unchanged = keys.order(customer_id, order.id), Change()
        unchanged.require_version(order.version)
        with conflict_when_changed("the order"):
            if left is None:
                self._client.delete_item(**unchanged.check(self._table, key))
            else:
                self._client.put_item(**unchanged.put(self._table, {**key, **order_attributes(left)}))

    def runs_of(self, customer_id: str) -> tuple[Enrollment, ...]:
        """All runs that a newer one replaced."""
        rows = rows_of(self._client, self._table, customer_id, keys.RUNS)
        found = (read_enrollment(keys.enrollment_id(row), row) for row in rows)
        return tuple(completed(self._client, self._table, run) for run in found)

    def drop_properties(self, run: Enrollment) -> None:
        """Delete the row in which its properties lie apart."""
        self._client.delete_item(TableName=self._table, Key=properties_key(run))

    def keep_run(self, run: Enrollment) -> None:
        """Store such a run; its sends stay as they are.

        Raises ConflictError when it changed since it was read.
        """
        with conflict_when_changed("the run"):
            self._client.update_item(**moved(run, shards=1).update(self._table, keys.run(run.id, run.run)))

    def drop_enrollment(self, enrollment: Enrollment) -> None:
        """Delete the row of a newest run. Raises ConflictError when it changed since it was read."""
        unchanged = Change()
        unchanged.require_version(enrollment.version)
        with conflict_when_changed("the enrollment"):
            self._client.delete_item(**unchanged.check(self._table, keys.enrollment(enrollment.id)))

    def drop_run(self, run: Enrollment) -> None:
        """Delete the row of a run that a newer one replaced."""
        self._client.delete_item(TableName=self._table, Key=keys.run(run.id, run.run))

    def answers_of(self, customer_id: str) -> dict[Question, Answer]:
        """All answers to surveys."""
        rows = rows_of(self._client, self._table, customer_id, keys.ANSWERS)
        return {read_question(row): read_answer(row) for row in rows}

    def drop_answer(self, question: Question, answer: Answer) -> None:
        """Raises ConflictError when it changed since it was read."""
        self._answers.drop_answer(question, answer)
