"""Which answers of DynamoDB mean a lost race, and which mean something else."""

from collections.abc import Callable

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from adapters.scripted_service import ScriptedService
from builders import a_customer, a_send, an_enrollment
from outreach.adapters.dynamodb import DynamoTable
from outreach.adapters.dynamodb.journeys.enrollment_change import new_row
from outreach.adapters.dynamodb.keys import enrollment as key_of
from outreach.domain.errors import ConflictError
from outreach.domain.journeys.enrollment import Enrollment
from outreach.domain.sending.send import SendStatus
from outreach.ports.sending import Claim

ENROLLMENT = an_enrollment(version=1)
CLAIM = Claim(ENROLLMENT.send_id("welcome"), ENROLLMENT.with_send("welcome", a_send()), a_customer(), None)
SENT = a_send(SendStatus.SENT)


def _table() -> tuple[ScriptedService, DynamoTable]:
    service = ScriptedService("dynamodb", Config(retries={"total_max_attempts": 1}))
    return service, DynamoTable(service.client, "table", shards=4)


def _cancelled(service: ScriptedService, *codes: str) -> None:
    reasons = [{"Code": code, "Message": "no"} for code in codes]
    service.refuses("TransactionCanceledException", CancellationReasons=reasons)


@pytest.mark.parametrize("code", ["ConditionalCheckFailed", "TransactionConflict"])
def test_a_transaction_that_lost_a_race_is_a_conflict(code: str) -> None:
    service, table = _table()
    _cancelled(service, "None", code)

    with pytest.raises(ConflictError):
        table.ledger.claim(CLAIM)


@pytest.mark.parametrize("code", ["ThrottlingError", "ProvisionedThroughputExceeded", "ValidationError"])
def test_a_transaction_that_failed_otherwise_is_not(code: str) -> None:
    service, table = _table()
    _cancelled(service, code, "None")

    with pytest.raises(ClientError, match="TransactionCanceledException"):
        table.ledger.claim(CLAIM)


WRITES: list[Callable[[DynamoTable], object]] = [
    lambda table: table.enrollments.save(ENROLLMENT),
    lambda table: table.enrollments.save(an_enrollment()),
    lambda table: table.delivery_ledger.move(CLAIM.send_id, a_send(), a_send(SendStatus.SENT)),
]


@pytest.mark.parametrize("write", WRITES, ids=["save", "create", "report"])
def test_a_write_that_meets_a_transaction_at_its_row_is_a_conflict(
    write: Callable[[DynamoTable], object],
) -> None:
    service, table = _table()
    service.refuses("TransactionConflictException")
    service.refuses("ConditionalCheckFailedException")  # where a report is written, there is a second place

    with pytest.raises(ConflictError):
        write(table)


@pytest.mark.parametrize("write", WRITES, ids=["save", "create", "report"])
def test_throttling_is_raised(write: Callable[[DynamoTable], object]) -> None:
    service, table = _table()
    service.refuses("ThrottlingException")

    with pytest.raises(ClientError, match="ThrottlingException"):
        write(table)


def test_throttling_is_raised_from_a_recording_too() -> None:
    service, table = _table()
    service.refuses("ThrottlingException")

    with pytest.raises(ClientError, match="ThrottlingException"):
        table.ledger.record(ENROLLMENT, "welcome", SENT)


def _stored(enrollment: Enrollment) -> dict[str, object]:
    return {"Item": new_row(enrollment, key_of(enrollment.id), 4)}


def test_an_outcome_that_meets_a_transaction_at_its_row_is_recorded_after_it() -> None:
    """The row is as it was read, and yet the write was refused: the same write is tried again."""
    service, table = _table()
    service.refuses("TransactionConflictException")
    service.answers(_stored(an_enrollment(sends={"welcome": a_send()})))
    service.answers({})

    recorded = table.ledger.record(ENROLLMENT, "welcome", SENT)

    assert recorded.sends == {"welcome": SENT}
    first, _, again = service.requests
    assert first == again


def test_an_outcome_that_never_finds_its_row_free_is_a_conflict() -> None:
    service, table = _table()
    for _ in range(4):
        service.refuses("TransactionConflictException")
        service.answers(_stored(an_enrollment(sends={"welcome": a_send()})))

    with pytest.raises(ConflictError):
        table.ledger.record(ENROLLMENT, "welcome", SENT)


def test_a_position_that_changed_at_the_last_instant_is_read_again() -> None:
    """Feedback was faster, and the run ends between the read and the write."""
    service, table = _table()
    known = an_enrollment(sends={"welcome": a_send(SendStatus.DELIVERED)})
    ended = an_enrollment(version=1, step="ended", sends=known.sends)
    service.refuses("ConditionalCheckFailedException")
    service.answers(_stored(known))
    service.refuses("ConditionalCheckFailedException")
    service.answers(_stored(ended))

    recorded = table.ledger.record(ENROLLMENT, "welcome", SENT)

    assert (recorded.step, recorded.version) == ("ended", 2)


def test_every_try_of_one_transaction_has_the_same_token() -> None:
    """So that a lost answer does not make a second transaction of it."""
    service = ScriptedService("dynamodb", Config(retries={"total_max_attempts": 2}))
    service.breaks(ConnectionClosedError(endpoint_url="https://dynamodb.example.com"))
    table = DynamoTable(service.client, "table", shards=4)

    table.ledger.claim(CLAIM)

    tokens = [request["ClientRequestToken"] for request in service.requests]
    assert len(tokens) == 2
    assert len(set(tokens)) == 1
