"""What is stored of how reports come in: the fake as well as the table."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from builders import NOW
from fake_feedback import FakeMarks
from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.feedback.feedback_marks import DynamoFeedbackMarks
from outreach.adapters.dynamodb.items.attributes import milliseconds, number
from outreach.domain.feedback.health import MARK_STEP, SLOT_LENGTH, SLOTS_REMEMBERED, FeedbackHealth
from outreach.domain.feedback.report import ReportSource

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

EVENTBRIDGE, SNS = ReportSource
SLOTS = frozenset({(EVENTBRIDGE, NOW), (SNS, NOW), (SNS, NOW + SLOT_LENGTH)})


@pytest.fixture(params=["fake", "dynamodb"])
def marks(request: pytest.FixtureRequest) -> Any:
    if request.param == "fake":
        return FakeMarks()
    return DynamoFeedbackMarks(request.getfixturevalue("dynamodb"), request.getfixturevalue("table"))


def test_before_any_report_nothing_is_known(marks: Any) -> None:
    assert marks.health() == FeedbackHealth()
    assert marks.slots_between(NOW, NOW + SLOT_LENGTH) == frozenset()


@pytest.mark.parametrize("source", ReportSource)
def test_a_mark_only_rises_and_each_source_has_its_own(marks: Any, source: ReportSource) -> None:
    for hours in (2, 1, 3, 2):
        marks.rise(source, NOW + timedelta(hours=hours), NOW + timedelta(hours=hours + 1))

    known = marks.health()
    assert known.marks == {source: NOW + timedelta(hours=3)}
    assert known.since == {source: NOW + timedelta(hours=3)}, "when it was first received"


def test_a_mark_rises_only_by_ten_seconds_or_more(marks: Any) -> None:
    marks.rise(SNS, NOW, NOW)
    marks.rise(SNS, NOW + MARK_STEP - timedelta(milliseconds=1), NOW)
    assert marks.health().marks == {SNS: NOW}

    marks.rise(SNS, NOW + MARK_STEP, NOW)
    assert marks.health().marks == {SNS: NOW + MARK_STEP}


def test_slots_are_remembered_for_each_source(marks: Any) -> None:
    marks.note_slots(SLOTS)

    assert marks.slots_between(NOW, NOW + SLOT_LENGTH) == SLOTS
    assert marks.slots_between(NOW, NOW) == {(EVENTBRIDGE, NOW), (SNS, NOW)}
    assert marks.slots_between(NOW + timedelta(seconds=1), NOW + timedelta(hours=1)) == {
        (SNS, NOW + SLOT_LENGTH)
    }


def test_a_backlog_is_remembered_beside_the_marks(marks: Any) -> None:
    marks.rise(EVENTBRIDGE, NOW, NOW)
    marks.note_behind(NOW + timedelta(hours=1))
    marks.note_behind(NOW + timedelta(hours=2))

    known = marks.health()
    assert known.behind_at == NOW + timedelta(hours=2)
    assert known.marks == {EVENTBRIDGE: NOW}


def test_two_processes_raise_one_mark(dynamodb: "DynamoDBClient", table: str) -> None:
    first, second = (DynamoFeedbackMarks(dynamodb, table) for _ in range(2))
    second.rise(SNS, NOW + timedelta(minutes=1), NOW)
    first.rise(SNS, NOW, NOW)

    assert first.health() == second.health() == FeedbackHealth({SNS: NOW + timedelta(minutes=1)}, {SNS: NOW})


def test_the_mark_of_an_older_release_is_that_of_eventbridge(dynamodb: "DynamoDBClient", table: str) -> None:
    dynamodb.put_item(TableName=table, Item={**keys.watermark(), "at": number(milliseconds(NOW))})
    marks = DynamoFeedbackMarks(dynamodb, table)
    assert marks.health() == FeedbackHealth({EVENTBRIDGE: NOW})

    later = NOW + timedelta(hours=1)
    marks.rise(EVENTBRIDGE, later, later)
    assert marks.health() == FeedbackHealth({EVENTBRIDGE: later}, {EVENTBRIDGE: later})


def test_a_slot_expires_after_seven_days(dynamodb: "DynamoDBClient", table: str) -> None:
    DynamoFeedbackMarks(dynamodb, table).note_slots({(SNS, NOW)})

    (row,) = dynamodb.scan(TableName=table)["Items"]
    assert int(row[keys.EXPIRES]["N"]) == int((NOW + SLOTS_REMEMBERED).timestamp())
