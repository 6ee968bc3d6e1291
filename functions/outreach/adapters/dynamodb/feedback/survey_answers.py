"""Answers to surveys: one row for each question, beside the customer's other rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.conflicts import conflict_when_changed
from outreach.adapters.dynamodb.items.attributes import instant, milliseconds, number, text
from outreach.adapters.dynamodb.items.change import Change
from outreach.domain.feedback.survey import Answer, Question

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.adapters.dynamodb.items.attributes import Attribute, Item


class DynamoSurveyAnswers:
    """Keeps the port SurveyAnswers, and what the port Traces needs of it."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def answer(self, question: Question) -> Answer | None:
        """Always the newest; None when nobody answered yet."""
        key = keys.survey_answer(question)
        row = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return None if row is None else read_answer(row)

    def keep(self, question: Question, known: Answer | None, answer: Answer) -> None:
        """Store it in one transaction with a look at the profile.

        Raises ConflictError when the answer changed since it was read, or the customer was erased.
        """
        key = keys.survey_answer(question)
        row = {**key, "topic": text(question.topic), **_attributes(answer)}
        put = _as_read(known).put(self._table, row)
        not_erased = Change()
        not_erased.require(f"attribute_not_exists({not_erased.path('erased_at')})")
        check = not_erased.check(self._table, keys.profile(question.customer_id))
        with conflict_when_changed("the answer or its customer"):
            self._client.transact_write_items(TransactItems=[{"ConditionCheck": check}, {"Put": put}])

    def drop_answer(self, question: Question, answer: Answer) -> None:
        """Raises ConflictError when it changed since it was read."""
        key = keys.survey_answer(question)
        with conflict_when_changed("the answer"):
            self._client.delete_item(**_as_read(answer).check(self._table, key))


def read_answer(row: Item) -> Answer:
    return Answer(
        score=int(row["score"]["N"]),
        revision=int(row["revision"]["N"]),
        at=instant(int(row["at"]["N"])),
        announced=row["announced"]["BOOL"],
    )


def read_question(row: Item) -> Question:
    """Which question a row answers."""
    customer_id, send = keys.survey_send(row)
    return Question(customer_id, row["topic"]["S"], send)


def _attributes(answer: Answer) -> dict[str, Attribute]:
    return {
        "score": number(answer.score),
        "revision": number(answer.revision),
        "at": number(milliseconds(answer.at)),
        "announced": {"BOOL": answer.announced},
    }


def _as_read(known: Answer | None) -> Change:
    """The row must be as it was read, or still not be there."""
    change = Change()
    if known is None:
        change.require(f"attribute_not_exists({change.path(keys.PARTITION)})")
        return change
    for name, attribute in _attributes(known).items():
        change.require(f"{change.path(name)} = {change.value(attribute)}")
    return change
