"""Support looks a customer up: what they got, what they did not get and why, and what is next."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders import NOW, a_campaign, a_customer, a_send, an_enrollment
from fake_feedback import FakeSendingStateRows
from outreach.domain.errors import SendImpossibleError, UnknownCustomerError
from outreach.domain.intake.customer import SuppressionReason
from outreach.domain.journeys.campaign import ALWAYS, Campaign, Driver, SplitStep
from outreach.domain.journeys.enrollment import (
    EnrollmentStatus,
    HoldReason,
    LeaveReason,
    Skip,
    SkipReason,
)
from outreach.domain.operations.run_report import MessageReport, MessageState, NextStep, RunReport
from outreach.domain.sending.send import SendStatus
from outreach.usecases.operations.show_customer import CustomerReport, ShowCustomer
from usecases.shop import Shop
from usecases.steps import send, wait, wait_for

STEPS = (send("welcome"), wait(days=1), send("tips"))


def show(shop: Shop, customer_id: str = "c-ana") -> CustomerReport:
    table = shop.table
    return ShowCustomer(
        records=table.records,
        addresses=table.addresses,
        campaigns=shop.campaigns,
        switch=FakeSendingStateRows(),
    )(customer_id)


def a_shop(campaign: Campaign, **fields: Any) -> Shop:
    shop = Shop(campaign)
    shop.enroll(campaign, a_customer(version=1, **fields))
    return shop


def only_run(shop: Shop) -> RunReport:
    (run,) = show(shop).runs
    return run


def test_a_message_that_went_and_the_one_that_comes_next_are_named() -> None:
    shop = a_shop(a_campaign(steps=STEPS))
    (ana,) = shop.table.enrollments
    shop.advance(ana)

    run = only_run(shop)

    assert run.messages == (MessageReport("welcome", MessageState.SENT, at=NOW, status=SendStatus.SENT),)
    assert run.next == NextStep("pause", NOW + timedelta(days=1), message="tips")


def test_a_message_that_a_page_sent_is_sent_although_its_row_says_claimed() -> None:
    campaign = a_campaign(steps=STEPS, driver=Driver.SWEEP)
    shop = a_shop(campaign)
    for shard in range(2):
        shop.sweep(campaign, shard)
    (ana,) = shop.table.enrollments

    assert shop.row(ana).sends["welcome"].status is SendStatus.CLAIMED
    (message,) = only_run(shop).messages
    assert (message.state, message.status) == (MessageState.SENT, SendStatus.SENT)


def test_what_a_page_says_of_a_refused_message_is_shown() -> None:
    campaign = a_campaign(steps=STEPS, driver=Driver.SWEEP)
    shop = a_shop(campaign)
    shop.mailer.refuse("c-ana", SendImpossibleError("MessageRejected"))
    for shard in range(2):
        shop.sweep(campaign, shard)

    (message,) = only_run(shop).messages
    assert (message.state, message.reason) == (MessageState.FAILED, "MessageRejected")


def test_a_claim_without_an_answer_is_unresolved() -> None:
    shop = a_shop(a_campaign(steps=STEPS))
    (ana,) = shop.table.enrollments
    shop.mailer.refuse_next(TimeoutError())
    with pytest.raises(TimeoutError):
        shop.advance(ana)

    assert [each.state for each in only_run(shop).messages] == [MessageState.UNRESOLVED]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"marketing": False}, SkipReason.NOT_SUBSCRIBED),
        ({"suppression": SuppressionReason.HARD_BOUNCE}, SkipReason.SUPPRESSED),
    ],
)
def test_a_skipped_message_says_why(fields: dict[str, Any], reason: SkipReason) -> None:
    shop = a_shop(a_campaign(), **fields)
    (ana,) = shop.table.enrollments
    shop.advance(ana)

    run = only_run(shop)

    assert run.messages == (MessageReport("welcome", MessageState.SKIPPED, reason, NOW),)
    assert run.next is None


def test_a_message_that_the_cap_holds_says_until_when() -> None:
    shop = a_shop(a_campaign(), mailed_at=(NOW - timedelta(hours=3),))
    (ana,) = shop.table.enrollments
    shop.advance(ana)

    run = only_run(shop)

    (message,) = run.messages
    assert (message.state, message.reason) == (MessageState.HELD, HoldReason.CAP)
    assert message.until == shop.row(ana).due_at
    assert run.next is not None
    assert run.next.message == "welcome"


def test_a_message_that_waits_for_an_earlier_try_is_unresolved() -> None:
    shop = a_shop(a_campaign(steps=STEPS))
    (ana,) = shop.table.enrollments
    row = shop.row(ana).with_send("welcome", a_send())
    shop.table.enrollments[ana] = row.enter_step("tips", NOW).held(HoldReason.UNRESOLVED, NOW)

    states = {each.step: each.state for each in only_run(shop).messages}
    assert states == {"welcome": MessageState.UNRESOLVED, "tips": MessageState.UNRESOLVED}


def test_a_wait_for_an_event_names_the_event_and_the_deadline() -> None:
    shop = a_shop(a_campaign(steps=(wait_for("customer.activated", days=3), send("tips"))))
    (ana,) = shop.table.enrollments
    shop.advance(ana)

    label = "until-customer.activated"
    expected = NextStep(label, NOW + timedelta(days=3), "customer.activated", "tips")
    assert only_run(shop).next == expected


def test_where_a_split_decides_no_message_is_promised() -> None:
    split = SplitStep("draw", ALWAYS, {"a": 1, "b": 1})
    shop = a_shop(a_campaign(steps=(wait(days=1), split, send("a"), send("b"))))
    (ana,) = shop.table.enrollments
    shop.advance(ana)

    coming = only_run(shop).next
    assert coming is not None
    assert (coming.step, coming.message) == ("pause", None)


def test_of_steps_that_nothing_has_any_more_no_message_is_promised() -> None:
    shop = a_shop(a_campaign(steps=STEPS))
    (ana,) = shop.table.enrollments
    shop.table.enrollments[ana] = replace(shop.row(ana), bundle="gone")

    assert only_run(shop).next == NextStep("welcome", None)


def test_active_runs_come_first_and_earlier_ones_are_shown_too() -> None:
    shop = a_shop(a_campaign())
    over = an_enrollment("news").ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, NOW)
    shop.table.enrollments[over.id] = replace(over, started_at=NOW + timedelta(days=1))
    earlier = replace(over, skips={"welcome": Skip(SkipReason.EXPIRED, NOW)})
    shop.table.runs[over.id, 1] = replace(earlier, started_at=NOW - timedelta(days=1))

    runs = show(shop).runs

    assert [each.enrollment.id.campaign for each in runs] == ["onboarding", "news", "news"]
    assert [len(each.messages) for each in runs] == [0, 0, 1]


def test_two_customers_of_one_address_are_both_named() -> None:
    shop = a_shop(a_campaign())
    address = shop.table.addresses.id_of("ana@example.com")
    shop.table.addresses.links |= {(address, "c-ana"), (address, "c-guest")}

    report = show(shop)

    assert report.others == ("c-guest",)
    assert report.address == shop.table.addresses.known(address)


def test_a_customer_whom_no_event_named_is_unknown() -> None:
    with pytest.raises(UnknownCustomerError):
        show(Shop(a_campaign()), "c-nobody")
