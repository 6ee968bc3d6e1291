"""An erased customer stays erased, whatever arrives late."""

from dataclasses import replace
from functools import reduce

import pytest

from builders import NOW, a_campaign, a_customer, an_event, an_order
from domain.taking_in import ACTIVE, DAY, OVER, taken
from outreach.domain.intake.customer import Consent, Customer, SuppressionReason
from outreach.domain.intake.erasure import erase, erased_until, order_since, run_since
from outreach.domain.intake.event import (
    DELETED,
    ORDER_DELAYED,
    ORDER_PLACED,
    SIGNED_UP,
    CustomerMention,
    Event,
    OrderMention,
)
from outreach.domain.intake.event_effects import Outcome
from outreach.domain.intake.merge import merge_customer, merge_order
from outreach.domain.intake.order import Order
from outreach.domain.journeys.enrollment import EnrollmentId, EnrollmentStatus, LeaveReason


class TestErasing:
    deleted = an_event(DELETED, id="evt-9", occurred_at=NOW + DAY)

    def test_a_deletion_forgets_the_customer_and_ends_everything(self) -> None:
        over = replace(OVER, id=EnrollmentId("c-ana", "tutorial", "oven"))

        intake = taken(self.deleted, a_campaign(), enrollments=[ACTIVE, over], after=DAY)

        assert intake.customer.erased_at == NOW + DAY
        assert intake.customer.profile.email is None
        assert [(each.id.campaign, each.reason) for each in intake.changed] == [
            ("onboarding", LeaveReason.ERASED)
        ]

    @pytest.mark.parametrize("name", [SIGNED_UP, "customer.updated", ORDER_PLACED, DELETED])
    def test_nothing_from_before_the_erasure_is_kept_however_late_it_arrives(self, name: str) -> None:
        erased = taken(self.deleted).customer
        event = an_event(name, customer=CustomerMention("c-ana", {"email": "ana@example.com"}))

        intake = taken(event, a_campaign(), customer=erased)

        assert (intake.outcome, intake.customer, intake.changed) == (Outcome.ERASED, erased, ())

    def test_only_signing_up_brings_an_erased_customer_back(self) -> None:
        erased = taken(self.deleted).customer
        updated = an_event("customer.updated", occurred_at=NOW + 2 * DAY)
        signed_up = an_event(occurred_at=NOW + 2 * DAY)

        assert taken(updated, customer=erased).outcome is Outcome.ERASED
        back = taken(signed_up, a_campaign(), customer=erased)
        assert (back.outcome, back.customer.erased_at) == (Outcome.TAKEN, None)
        assert len(back.changed) == 1

    def test_a_customer_who_signed_up_again_gets_nothing_that_was_erased(self) -> None:
        erased = taken(self.deleted).customer
        back = taken(an_event(occurred_at=NOW + 2 * DAY), customer=erased).customer
        late = an_event("customer.updated", customer=CustomerMention("c-ana", {"last_name": "García"}))

        assert taken(late, customer=back).outcome is Outcome.ERASED

    def test_a_deletion_that_arrives_after_they_signed_up_again_ends_only_what_was_before(self) -> None:
        old = replace(ACTIVE, id=EnrollmentId("c-ana", "tutorial", "oven"))
        back = taken(an_event(id="evt-2", occurred_at=NOW + 2 * DAY), a_campaign())

        intake = taken(
            self.deleted,
            a_campaign(),
            customer=back.customer,
            enrollments=[old, *back.changed],
            after=3 * DAY,
        )

        assert intake.customer.erased_at is None
        assert [each.id.campaign for each in intake.changed] == ["tutorial"]


class TestWhatLiesBesideTheProfile:
    deleted = an_event(DELETED, id="evt-9", occurred_at=NOW + DAY)

    def test_of_a_customer_who_did_not_sign_up_again_everything_is_erased(self) -> None:
        gone = erase(a_customer(), NOW + DAY)
        late = replace(an_order(), seen={ORDER_PLACED: NOW + 2 * DAY})

        assert order_since(late, erased_until(gone)) is None

    def test_of_a_customer_who_was_never_erased_everything_stays(self) -> None:
        order = replace(an_order(), seen={ORDER_PLACED: NOW})
        until = erased_until(a_customer())

        assert order_since(order, until) is order
        assert run_since(ACTIVE, until, NOW, by="evt-9") is ACTIVE

    def test_an_order_of_a_customer_who_signed_up_again_keeps_later_facts(self) -> None:
        told = {"total": "59.90", "currency": "EUR", "url": "https://shop.example.com/o", "status": "placed"}
        before = an_event(ORDER_PLACED, occurred_at=NOW, order=OrderMention("o-1", told))
        late = {"delay_reason": "mud", "promised_at": NOW + 9 * DAY}
        since = an_event(ORDER_DELAYED, occurred_at=NOW + 3 * DAY, order=OrderMention("o-1", late))
        back = taken(an_event(occurred_at=NOW + 2 * DAY), customer=erase(a_customer(), NOW + DAY)).customer

        order = reduce(merge_order, (before, since), Order("o-1", version=2))
        left = order_since(order, erased_until(back))

        assert left == merge_order(Order("o-1", version=2), since)
        assert order_since(order_after(before), erased_until(back)) is None

    def test_a_run_that_began_since_they_came_back_stays(self) -> None:
        back = taken(an_event(occurred_at=NOW + 2 * DAY), customer=erase(a_customer(), NOW + DAY)).customer
        new = replace(ACTIVE, trigger=replace(ACTIVE.trigger, occurred_at=NOW + 2 * DAY))

        assert run_since(new, erased_until(back), NOW + 3 * DAY, by="evt-9") is new

    def test_of_a_run_from_before_ids_and_times_stay(self) -> None:
        said = replace(
            ACTIVE, trigger=replace(ACTIVE.trigger, properties={"note": "for Ana"}, order_id="o-1")
        )
        over = said.ended(EnrollmentStatus.FINISHED, "completed", NOW)

        ended = run_since(said, NOW, NOW + DAY, by="evt-9")

        assert ended == replace(ACTIVE, trigger=ended.trigger).ended(
            EnrollmentStatus.LEFT, LeaveReason.ERASED, NOW + DAY, by="evt-9"
        )
        assert ended.trigger == replace(ACTIVE.trigger, order_id="o-1")
        assert run_since(over, NOW, NOW + DAY, by="evt-9") == replace(over, trigger=ended.trigger)

    def test_more_runs_than_one_transaction_holds_end_with_it_and_the_others_after_it(self) -> None:
        runs = [replace(ACTIVE, id=EnrollmentId("c-ana", "tutorial", f"line-{n}")) for n in range(200)]

        assert len(taken(self.deleted, a_campaign(), enrollments=runs, after=DAY).changed) == 90


def order_after(*events: Event) -> Order:
    return reduce(merge_order, events, Order("o-1"))


def known(*events: Event) -> Customer:
    return reduce(merge_customer, events, Customer("c-ana"))


class TestForgetting:
    def test_nothing_personal_is_left(self) -> None:
        customer = a_customer(
            topics_off=frozenset({"tips"}),
            suppression=SuppressionReason.COMPLAINT,
            mailed_at=(NOW,),
            version=7,
            claims=3,
        )

        erased = erase(customer, NOW + DAY)

        assert erased == Customer(
            "c-ana", suppression=SuppressionReason.COMPLAINT, erased_at=NOW + DAY, version=7, claims=3
        )

    def test_an_erasure_that_arrives_late_leaves_what_was_said_since_they_signed_up_again(self) -> None:
        signed_up_again = an_event(
            occurred_at=NOW + 2 * DAY,
            customer=CustomerMention(
                "c-ana",
                {"email": "new@example.com"},
                {"vip": True},
                Consent(marketing=True, at=NOW + 2 * DAY),
            ),
        )
        before = an_event(
            "customer.updated",
            occurred_at=NOW,
            customer=CustomerMention("c-ana", {"first_name": "Ana"}, {"old": True}),
        )

        customer = erase(known(before, signed_up_again), NOW + DAY)

        assert customer.erased_at is None
        assert (customer.profile.email, customer.profile.first_name) == ("new@example.com", None)
        assert customer.profile.attributes == {"vip": True}
        assert customer.wants_marketing
        assert set(customer.seen) == {"customer.signed_up"}
