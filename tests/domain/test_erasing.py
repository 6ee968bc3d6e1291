"""Who is forgotten stays forgotten, whatever arrives late."""

from dataclasses import replace
from functools import reduce

import pytest

from builders import NOW, a_campaign, a_customer, an_event
from domain.taking_in import ACTIVE, DAY, OVER, taken
from outreach.domain.customer import Consent, Customer, SuppressionReason
from outreach.domain.enrollment import (
    EnrollmentId,
    LeaveReason,
)
from outreach.domain.event import DELETED, ORDER_PLACED, SIGNED_UP, CustomerMention, Event
from outreach.domain.intake import Outcome
from outreach.domain.merge import erase, merge_customer


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

    def test_only_signing_up_brings_someone_back(self) -> None:
        erased = taken(self.deleted).customer
        updated = an_event("customer.updated", occurred_at=NOW + 2 * DAY)
        signed_up = an_event(occurred_at=NOW + 2 * DAY)

        assert taken(updated, customer=erased).outcome is Outcome.ERASED
        back = taken(signed_up, a_campaign(), customer=erased)
        assert (back.outcome, back.customer.erased_at) == (Outcome.TAKEN, None)
        assert len(back.changed) == 1

    def test_who_came_back_is_not_told_what_was_forgotten(self) -> None:
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

        forgotten = erase(customer, NOW + DAY)

        assert forgotten == Customer(
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
