"""What every CustomerRecords must do, the fake as well as the table."""

from dataclasses import replace
from datetime import timedelta

from adapters.dynamodb.conftest import SHARDS, Memory
from builders import NOW, a_customer, a_send, an_enrollment, an_order
from outreach.domain.intake.customer import Customer
from outreach.domain.journeys.hash_share import shard_of
from outreach.domain.sending.page import Outcome, Page, Receipt
from outreach.ports.operations import CustomerRecord
from outreach.ports.sending import Claim


def test_a_customer_whom_no_event_named_has_an_empty_record(memory: Memory) -> None:
    assert memory.records.record("c-nobody") == CustomerRecord(Customer("c-nobody"))


def test_a_record_has_the_profile_and_every_run_of_its_customer_alone(memory: Memory) -> None:
    memory.know(a_customer())
    memory.take_in(a_customer("c-ben"), an_order())
    first = memory.save(replace(an_enrollment(), sends={"welcome": a_send()}))
    memory.save(an_enrollment("news"))
    memory.save(an_enrollment(customer_id="c-ben"))
    again = replace(first, run=2, sends={})
    memory.take_in(memory.customers.customer("c-ana"), an_order(), changed=(again,), archived=(first,))

    record = memory.records.record("c-ana")

    assert record.customer == memory.customers.customer("c-ana")
    found = {(each.id.campaign, each.run) for each in record.newest}
    assert found == {("onboarding", 2), ("news", 1)}
    assert [(each.id.campaign, each.run, set(each.sends)) for each in record.earlier] == [
        ("onboarding", 1, {"welcome"})
    ]


def test_a_page_has_the_outcomes_of_the_sends_claimed_with_it(memory: Memory) -> None:
    shard, at = shard_of("c-ana", SHARDS), NOW + timedelta(milliseconds=7)
    sends = {}
    for name, instant in (("went", at), ("open", at + timedelta(seconds=1)), ("alone", at)):
        customer, enrollment = (
            memory.know(a_customer(version=_version(memory))),
            memory.save(an_enrollment(name)),
        )
        send = a_send(at=instant)
        claim = Claim(
            enrollment.send_id("welcome"), enrollment.with_send("welcome", send), customer, "news", (instant,)
        )
        sends[claim.send_id] = send
        if name == "alone":
            memory.ledger.claim(claim)
            continue
        page = Page(f"p-{name}", shard, instant, is_marketing=True, sends={claim.send_id: NOW})
        memory.bulk_ledger.claim_page(page, [claim])
        if name == "went":
            receipt = Receipt(Outcome.SENT, "ses-1")
            memory.bulk_ledger.close_page(replace(page, receipts={claim.send_id: receipt}))

    found = memory.records.receipts(sends)

    assert {each.campaign: receipt for each, receipt in found.items()} == {"went": receipt}


def _version(memory: Memory) -> int:
    return memory.customers.customer("c-ana").version
