"""What every BulkLedger and PageLog must do, the fakes as well as the table."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from adapters.dynamodb.conftest import SHARDS, Memory
from adapters.scripted_service import ScriptedService
from builders import NOW, a_customer, a_send, an_enrollment
from outreach.adapters.dynamodb import DynamoTable
from outreach.adapters.dynamodb.items.page import page_row, read_page, receipts_attribute
from outreach.domain.intake.customer import SuppressionReason
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentStatus, LeaveReason, Waiting
from outreach.domain.sending.page import LARGEST_PAGE, Outcome, Page, Receipt
from outreach.domain.sending.send import SendStatus
from outreach.ports.sending import Claim
from reported import report

LATER = NOW + timedelta(minutes=1)
CAME = NOW - timedelta(hours=3)


def enrolled(memory: Memory, *customer_ids: str) -> list[Enrollment]:
    for customer_id in customer_ids:
        memory.know(a_customer(customer_id))
    return [
        memory.save(an_enrollment("win-back", customer_id=each, swept=True, due_at=NOW))
        for each in customer_ids
    ]


def claims_on(memory: Memory, enrollments: Sequence[Enrollment], topic: str | None = "news") -> list[Claim]:
    """Each moves its enrollment past the step."""
    return [
        Claim(
            each.send_id("welcome"),
            replace(
                each.with_send("welcome", a_send(at=LATER)), step="pause", due_at=NOW + timedelta(days=1)
            ),
            memory.customers.customer(each.id.customer_id),
            topic,
            () if topic is None else (LATER,),
        )
        for each in enrollments
    ]


def a_page(claims: Sequence[Claim], **fields: object) -> Page:
    sends = {claim.send_id: CAME for claim in claims}
    page = Page(id="page-1", shard=1, at=LATER, is_marketing=True, sends=sends)
    return replace(page, **fields)  # type: ignore[arg-type]  # fields of a page


def pages(memory: Memory, shard: int = 1, until: timedelta = timedelta(days=9)) -> list[Page]:
    return list(memory.page_log.unresolved(shard, NOW + until))


def test_a_page_claims_all_its_messages_and_moves_their_enrollments(memory: Memory) -> None:
    claims = claims_on(memory, enrolled(memory, "c-ana", "c-bo"))
    page = a_page(claims)

    claimed = memory.bulk_ledger.claim_page(page, claims)

    for claim, enrollment in zip(claims, claimed, strict=True):
        assert memory.enrollments.get(enrollment.id) == enrollment
        assert enrollment == replace(claim.enrollment, version=claim.enrollment.version + 1)
        customer = memory.customers.customer(enrollment.id.customer_id)
        assert (customer.claims, customer.mailed_at) == (1, (LATER,))
    assert pages(memory) == [page]


def test_the_largest_page_is_one_transaction(memory: Memory) -> None:
    claims = claims_on(memory, enrolled(memory, *(f"c-{number}" for number in range(LARGEST_PAGE))))

    assert len(memory.bulk_ledger.claim_page(a_page(claims), claims)) == LARGEST_PAGE
    (page,) = pages(memory)
    assert len(page.sends) == LARGEST_PAGE


def test_a_page_may_be_the_end_of_its_enrollments(memory: Memory) -> None:
    (claim,) = claims_on(memory, enrolled(memory, "c-ana"))
    over = claim.enrollment.ended(EnrollmentStatus.FINISHED, "completed", LATER)

    memory.bulk_ledger.claim_page(a_page([claim]), [replace(claim, enrollment=over)])

    assert memory.enrollments.get(over.id).status is EnrollmentStatus.FINISHED
    assert memory.enrollments.due("win-back", 1, NOW + timedelta(days=9), 10) == ()


@pytest.mark.parametrize("reason", ["left", "moved", "claimed", "suppressed", "unsubscribed", "capped"])
def test_a_row_that_lost_a_race_is_left_out_and_the_others_are_claimed(memory: Memory, reason: str) -> None:
    ana, bo, cleo = enrolled(memory, "c-ana", "c-bo", "c-cleo")
    claims = claims_on(memory, [ana, bo, cleo])
    match reason:
        case "left":
            memory.save(bo.ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, NOW))
        case "moved":
            memory.save(bo)
        case "claimed":
            memory.ledger.claim(claims[1])
        case "suppressed":
            memory.know(a_customer("c-bo", suppression=SuppressionReason.COMPLAINT, version=1))
        case "unsubscribed":
            memory.know(a_customer("c-bo", marketing=False, version=1))
        case "capped":
            other = memory.save(an_enrollment("other", customer_id="c-bo"))
            claimed_too = other.with_send("welcome", a_send())
            memory.ledger.claim(replace(claims[1], send_id=other.send_id("welcome"), enrollment=claimed_too))

    before = memory.enrollments.get(bo.id)
    claimed = memory.bulk_ledger.claim_page(a_page(claims), claims)

    assert [each.id for each in claimed] == [ana.id, cleo.id]
    assert memory.enrollments.get(bo.id) == before
    (page,) = pages(memory)
    assert list(page.sends) == [claims[0].send_id, claims[2].send_id]


@pytest.mark.parametrize("topic", ["news", None], ids=["marketing", "transactional"])
@pytest.mark.parametrize("waits", [True, False])
def test_only_a_claim_that_goes_on_to_a_wait_is_lost_to_any_event_since(
    memory: Memory, topic: str | None, *, waits: bool
) -> None:
    [claim] = claims_on(memory, enrolled(memory, "c-ana"), topic)
    if waits:
        waiting = Waiting(None, NOW + timedelta(days=1))
        claim = replace(claim, enrollment=replace(claim.enrollment, waiting=waiting))
    memory.take_in(memory.customers.customer("c-ana"))

    claimed = memory.bulk_ledger.claim_page(a_page([claim]), [claim])

    assert bool(claimed) is not waits


def test_an_empty_page_is_not_stored(memory: Memory) -> None:
    enrollments = enrolled(memory, "c-ana", "c-bo")
    claims = claims_on(memory, enrollments)
    for each in enrollments:
        memory.save(each)

    assert memory.bulk_ledger.claim_page(a_page(claims), claims) == ()
    assert pages(memory) == []


def test_a_closed_page_says_what_became_of_each_message(memory: Memory) -> None:
    claims = claims_on(memory, enrolled(memory, "c-ana", "c-bo", "c-cleo", "c-dana"))
    page = a_page(claims)
    memory.bulk_ledger.claim_page(page, claims)
    ana, bo, cleo, _ = page.sends
    receipts = {
        ana: Receipt(Outcome.SENT, "ses-1"),
        bo: Receipt(Outcome.REFUSED, "MESSAGE_REJECTED"),
        cleo: Receipt(Outcome.RELEASED, "rate"),
    }
    memory.bulk_ledger.close_page(replace(page, receipts=receipts))

    assert pages(memory) == [replace(page, receipts=receipts)]


def test_enrollments_are_stored_together_and_those_that_changed_meanwhile_come_back(memory: Memory) -> None:
    ana, bo, cleo = enrolled(memory, "c-ana", "c-bo", "c-cleo")
    memory.save(bo)
    moved = [replace(each, due_at=LATER) for each in (ana, bo, cleo)]

    assert memory.bulk_ledger.save_all(moved) == (bo.id,)
    assert memory.enrollments.get(ana.id) == replace(ana, due_at=LATER, version=2)
    assert memory.enrollments.get(cleo.id) == replace(cleo, due_at=LATER, version=2)


def test_nothing_to_store_is_no_request(memory: Memory) -> None:
    assert memory.bulk_ledger.save_all([]) == ()


def test_pages_are_read_in_the_order_of_time_and_each_shard_by_itself(memory: Memory) -> None:
    enrollments = enrolled(memory, "c-ana", "c-bo", "c-cleo", "c-dana")
    instants = [(1, 3, "a"), (1, 1, "z"), (2, 2, "b"), (1, 1, "y")]
    for claim, (shard, minute, page_id) in zip(claims_on(memory, enrollments), instants, strict=True):
        at = NOW + timedelta(minutes=minute)
        memory.bulk_ledger.claim_page(a_page([claim], shard=shard, at=at, id=page_id), [claim])

    assert [page.id for page in pages(memory, 1)] == ["y", "z", "a"]
    assert [page.id for page in pages(memory, 2)] == ["b"]
    assert [page.id for page in pages(memory, 1, until=timedelta(minutes=3))] == ["y", "z"]
    assert pages(memory, 0) == []


def test_resolved_pages_are_not_read_again(memory: Memory) -> None:
    enrollments = enrolled(memory, "c-ana", "c-bo", "c-cleo")
    for claim, page_id in zip(claims_on(memory, enrollments), "abc", strict=True):
        memory.bulk_ledger.claim_page(a_page([claim], id=page_id), [claim])

    first, second, third = pages(memory)
    memory.page_log.resolved(first)
    assert pages(memory) == [second, third]
    memory.page_log.resolved(second)
    assert pages(memory) == [third]
    memory.page_log.resolved(third)
    assert pages(memory) == []


def test_every_shard_that_a_customer_may_be_in_has_pages(memory: Memory) -> None:
    assert memory.page_log.shards() == range(SHARDS)


def test_ids_of_any_character_come_back_from_a_page() -> None:
    strange = an_enrollment(customer_id='ñ#1"/[', key="o:1,]", run=12).send_id("last call")
    page = a_page([], sends={strange: CAME}, receipts={strange: Receipt(Outcome.SENT, "!ses")})

    row = page_row(page) | {"receipts": receipts_attribute(page)}

    assert read_page(1, row) == page


def test_a_claim_that_fails_for_another_reason_than_a_race_raises() -> None:
    service = ScriptedService("dynamodb", Config(retries={"total_max_attempts": 1}))
    table = DynamoTable(service.client, "table", shards=SHARDS)
    reasons = [{"Code": code, "Message": "no"} for code in ("None", "ThrottlingError", "None")]
    service.refuses("TransactionCanceledException", CancellationReasons=reasons)
    enrollment = an_enrollment(version=1)
    claim = Claim(
        enrollment.send_id("welcome"), enrollment.with_send("welcome", a_send()), a_customer(), None
    )

    with pytest.raises(ClientError):
        table.bulk_ledger.claim_page(a_page([claim]), [claim])


def test_feedback_that_was_faster_than_the_closing_changes_nothing_of_the_page(memory: Memory) -> None:
    claims = claims_on(memory, enrolled(memory, "c-ana"))
    page = a_page(claims)
    memory.bulk_ledger.claim_page(page, claims)
    (send_id,) = page.sends
    report(memory.deliveries, send_id, SendStatus.DELIVERED, LATER, message_id="ses-1")

    closed = replace(page, receipts={send_id: Receipt(Outcome.SENT, "ses-1")})
    memory.bulk_ledger.close_page(closed)

    assert pages(memory) == [closed]
    assert memory.enrollments.get(claims[0].enrollment.id).sends["welcome"].status is SendStatus.DELIVERED


def test_the_neighbours_of_a_page_are_the_nearest_of_its_shard(memory: Memory) -> None:
    minutes = range(0, 50, 5)
    claims = claims_on(memory, enrolled(memory, *(f"c-{each}" for each in minutes)))
    opened = [
        a_page([claim], id=f"page-{minute}", at=LATER + timedelta(minutes=minute))
        for minute, claim in zip(minutes, claims, strict=True)
    ]
    for page, claim in zip(opened, claims, strict=True):
        memory.bulk_ledger.claim_page(page, [claim])

    def near(page: Page, minutes: int) -> list[str]:
        return sorted(each.id for each in memory.page_log.neighbours(page, timedelta(minutes=minutes)))

    assert near(opened[5], 12) == ["page-15", "page-20", "page-30", "page-35"]
    assert near(opened[5], 60) == ["page-10", "page-15", "page-20", "page-30", "page-35", "page-40"]
    assert near(opened[0], 4) == []
