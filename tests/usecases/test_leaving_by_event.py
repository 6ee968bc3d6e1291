"""Events that end something: goal, exit, withdrawn consent, erasure. All of them at once."""

from datetime import timedelta

import pytest

from builders import a_campaign, a_customer, an_event
from outreach.domain.campaign import Goal
from outreach.domain.customer import Consent
from outreach.domain.enrollment import EnrollmentId, LeaveReason
from outreach.domain.event import DELETED, ORDER_PLACED, CustomerMention
from outreach.domain.intake import Outcome
from outreach.usecases.take_in_event import TakenIn
from usecases.shop import Shop
from usecases.steps import send, wait

ANA = EnrollmentId("c-ana", "onboarding", "c-ana")


def later(shop: Shop, **span: float) -> dict[str, object]:
    """Time passes; the next event occurs then."""
    return {"occurred_at": shop.clock.advance(**span)}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("customer.deactivated", LeaveReason.EXIT_EVENT),
        (ORDER_PLACED, LeaveReason.GOAL),
        (DELETED, LeaveReason.ERASED),
    ],
)
def test_leaving_takes_effect_at_once(name: str, reason: LeaveReason) -> None:
    campaign = a_campaign(
        steps=(send("welcome"), wait(days=9), send("late")),
        exit_on=("customer.deactivated",),
        goal=Goal(ORDER_PLACED, timedelta(days=30)),
    )
    shop = Shop(campaign)
    shop.table.know(a_customer())
    shop.take_in(an_event())
    shop.advance(ANA)

    shop.take_in(an_event(name, id="evt-2", **later(shop, days=1)))

    assert shop.row(ANA).reason == reason
    assert shop.workflows.stopped == {shop.row(ANA).execution_name: reason}
    shop.clock.advance(days=10)
    shop.advance(ANA)
    assert shop.mails == ["welcome"]


def test_consent_withdrawn_ends_marketing_at_once() -> None:
    shop = Shop(a_campaign(steps=(wait(days=9), send("late"))))
    shop.table.know(a_customer())
    shop.take_in(an_event())
    shop.clock.advance(days=1)
    no = CustomerMention("c-ana", consent=Consent(False, shop.clock.now()))

    shop.take_in(an_event("customer.updated", id="evt-2", customer=no, occurred_at=shop.clock.now()))

    assert shop.workflows.running == set()
    assert shop.row(ANA).reason == LeaveReason.UNSUBSCRIBED


def test_of_somebody_who_was_erased_nothing_is_kept() -> None:
    shop = Shop(a_campaign("news", trigger="customer.updated"))
    shop.take_in(an_event())
    shop.take_in(an_event(DELETED, id="evt-2", **later(shop, days=1)))
    mention = CustomerMention("c-ana", {"email": "ana@example.com"})

    taken = shop.take_in(an_event("customer.updated", id="evt-3", customer=mention, **later(shop, days=1)))

    assert taken == TakenIn(Outcome.ERASED, repeated=False)
    assert shop.table.customer("c-ana").profile.email is None
    assert ("c-ana", "evt-3") not in shop.table.events
    assert shop.workflows.started == {}
