"""The end of a restore: what is unresolved is listed and decided, and each run gets an execution."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from adapters.dynamodb.conftest import SHARDS
from builders import NOW, a_campaign, a_customer, a_send, an_enrollment, an_event
from fakes import FakeCampaigns, FakeClock
from outreach.adapters.dynamodb import DynamoTable
from outreach.domain.feedback.health import slot_start
from outreach.domain.feedback.report import ReportSource
from outreach.domain.intake.event_effects import Intake, Outcome
from outreach.domain.journeys.campaign import MessageClass
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentStatus
from outreach.domain.sending.send import SendStatus
from outreach.domain.sending.sending_state import Restore
from outreach.ports.operations import FailedExecution, Successor
from outreach_tools.operations.restoring.completion import Completion
from outreach_tools.operations.restoring.copy_back import RESTORED
from usecases.steps import send, wait

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

LETTERS = a_campaign("letters", steps=(send("welcome"), wait(days=1), send("nudge")))
RECEIPTS = a_campaign("receipts", message_class=MessageClass.TRANSACTIONAL)
BEGUN = NOW + timedelta(days=1)
LONG_AGO = NOW - timedelta(days=30)


class FakeExecutions:
    """Records the enrollments whose execution was started."""

    def __init__(self) -> None:
        self.begun: list[Enrollment] = []

    def failed(self, stop_at: "datetime") -> "Iterator[FailedExecution]":
        raise AssertionError("a restore begins runs anew and asks for no failed execution")

    def running(self) -> "Iterator[str]":
        raise AssertionError("a restore begins runs anew and asks for no failed execution")

    def begin_again(self, failed: FailedExecution) -> Successor:
        raise AssertionError("a restore begins runs anew and asks for no failed execution")

    def begin_anew(self, enrollment: Enrollment) -> Successor:
        self.begun.append(enrollment)
        return Successor.STARTED


@pytest.fixture
def remembered(dynamodb: "DynamoDBClient", table: str) -> DynamoTable:
    return DynamoTable(dynamodb, table, shards=SHARDS)


@pytest.fixture
def executions() -> FakeExecutions:
    return FakeExecutions()


@pytest.fixture
def completion(
    dynamodb: "DynamoDBClient", table: str, remembered: DynamoTable, executions: FakeExecutions
) -> Completion:
    return Completion(
        client=dynamodb,
        name=table,
        table=remembered,
        campaigns=FakeCampaigns(LETTERS, RECEIPTS),
        executions=executions,
        clock=FakeClock(BEGUN + timedelta(hours=1)),
        restore=Restore(NOW, BEGUN, "ana", "rows"),
    )


def _stored(remembered: DynamoTable, campaign: str, customer_id: str, **fields: object) -> Enrollment:
    saved = remembered.enrollments.save(
        an_enrollment(campaign, customer_id=customer_id, **({"started_at": LONG_AGO} | fields))
    )
    return remembered.enrollments.get(saved.id)


def test_claims_without_a_report_are_listed_and_decided_by_class(
    completion: Completion, remembered: DynamoTable
) -> None:
    claimed = {"sends": {"welcome": a_send()}}
    dead_letter = _stored(remembered, "letters", "c-ana", **claimed)
    receipt = _stored(remembered, "receipts", "c-ben", **claimed)
    _stored(remembered, "letters", "c-eva", sends={"welcome": a_send(SendStatus.SENT)})

    listed = {each.send: each.outcome for each in completion.uncertain()}
    done = completion.finish()

    assert listed == {
        dead_letter.send_id("welcome"): "not sent",
        receipt.send_id("welcome"): "sent, perhaps again",
    }
    assert done["decided"] == 2
    assert remembered.enrollments.get(dead_letter.id).sends["welcome"].status is SendStatus.UNKNOWN
    assert remembered.enrollments.get(receipt.id).sends["welcome"].status is SendStatus.DEFERRED
    assert list(completion.uncertain()) == []


def test_marketing_that_was_due_while_no_report_was_archived_is_recorded_as_unknown(
    completion: Completion, remembered: DynamoTable
) -> None:
    due = NOW + timedelta(hours=3)
    remembered.feedback_marks.note_slots({(ReportSource.SNS, slot_start(due))})
    enrollment = _stored(remembered, "letters", "c-ana", step="pause", due_at=due)
    _stored(remembered, "letters", "c-ben", step="pause", due_at=due + timedelta(hours=1))

    listed = [(each.send, each.outcome) for each in completion.uncertain()]
    completion.finish()

    assert listed == [(enrollment.send_id("nudge"), "not sent")]
    stored = remembered.enrollments.get(enrollment.id)
    assert stored.sends["nudge"].status is SendStatus.UNKNOWN
    assert stored.step == "pause", "the wait goes on, and the message after it is passed over"


def test_a_report_without_a_run_is_listed_until_its_run_is_there(
    completion: Completion, remembered: DynamoTable
) -> None:
    enrollment = an_enrollment("letters", started_at=LONG_AGO)
    remembered.restored_sends.note_unmatched(enrollment.send_id("welcome"), BEGUN)

    assert [each.send for each in completion.uncertain()] == [enrollment.send_id("welcome")]

    sent = a_send(SendStatus.SENT, at=NOW)
    saved = remembered.enrollments.save(enrollment)
    remembered.restored_sends.restore(saved.with_send("welcome", sent), "welcome", None)

    assert list(completion.uncertain()) == []


def test_a_report_of_an_erased_customer_is_not_listed(
    completion: Completion, remembered: DynamoTable
) -> None:
    erased = replace(a_customer(), erased_at=NOW)
    intake = Intake(Outcome.TAKEN, erased)
    remembered.intake.store(an_event(), intake, expires_at=BEGUN)
    remembered.restored_sends.note_unmatched(an_enrollment("letters").send_id("welcome"), BEGUN)

    assert list(completion.uncertain()) == []


@pytest.mark.parametrize(
    ("fields", "is_restored", "begins"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"started_at": NOW + timedelta(hours=1)}, False, True),
        ({"swept": True, "due_at": NOW}, True, False),
        ({"status": EnrollmentStatus.FINISHED}, True, False),
    ],
    ids=["brought back", "as it was", "began since", "swept", "over"],
)
def test_runs_that_stand_elsewhere_than_their_execution_get_a_new_one(
    completion: Completion,
    executions: FakeExecutions,
    remembered: DynamoTable,
    mark: Callable[[Enrollment], None],
    fields: dict[str, object],
    is_restored: bool,
    begins: bool,
) -> None:
    enrollment = _stored(remembered, "letters", "c-ana", **fields)
    if is_restored:
        mark(enrollment)

    completion.finish()
    again = len(executions.begun)
    completion.finish()

    assert (again == 1) is begins
    if is_restored:
        assert len(executions.begun) == again, "the mark is gone"


@pytest.fixture
def mark(dynamodb: "DynamoDBClient", table: str) -> Callable[[Enrollment], None]:
    """As the copy marks the row that it brought back."""

    def marked(enrollment: Enrollment) -> None:
        ids = enrollment.id
        key = {
            "PK": {"S": f"CUSTOMER#{ids.customer_id}"},
            "SK": {"S": f"ENROLLMENT#{ids.campaign}#{ids.key}"},
        }
        dynamodb.update_item(
            TableName=table,
            Key=key,
            UpdateExpression=f"SET {RESTORED} = :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    return marked
