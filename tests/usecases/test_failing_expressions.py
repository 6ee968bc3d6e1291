"""A customer with a text where a campaign needs a number: no other is affected, and nothing is lost."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NOW, a_campaign, a_customer, an_event
from outreach.domain.errors import ExpressionFailedError
from outreach.domain.intake.customer import Consent
from outreach.domain.intake.event import CustomerMention, Event
from outreach.domain.intake.repeats import stored_event_of
from outreach.domain.journeys.campaign import Condition, Driver, SendStep
from outreach.domain.journeys.enrollment import EnrollmentId, EnrollmentStatus, SkipReason
from outreach.domain.journeys.facts import CustomerFacts
from outreach.domain.journeys.hash_share import shard_of
from usecases.seams import CrashError, Phase, crash
from usecases.shop import SHARDS, Shop, swept_as
from usecases.steps import send, send_if, wait

MANY_POINTS = "customer.attributes.points > 100"
IDS = [f"c-{number}" for number in range(500) if shard_of(f"c-{number}", SHARDS) == 0]


def more_than_a_hundred(facts: Mapping[str, object]) -> bool:
    """As the templates' sandbox does it."""
    customer = facts["customer"]
    assert isinstance(customer, CustomerFacts)
    points = customer.attributes["points"]
    if not isinstance(points, int):
        raise ExpressionFailedError(f"{MANY_POINTS!r} does not fit these facts (a str and an int)")
    return points > 100


ANSWERS = {MANY_POINTS: more_than_a_hundred}


@pytest.mark.parametrize("bad", [10, 120])
def test_any_number_of_customers_whose_facts_do_not_fit_block_no_other(bad: int) -> None:
    campaign = a_campaign("letter", driver=Driver.SWEEP, steps=(send_if(MANY_POINTS, "letter"),))
    shop = Shop(campaign, answers=ANSWERS)
    for number, customer_id in enumerate(IDS[:150]):
        customer = a_customer(customer_id, attributes={"points": "120" if number < bad else 120})
        shop.enroll(campaign, customer, key=customer_id)

    assert shop.sweep(campaign, 0) == swept_as(sent=150 - bad, moved_on=bad)

    assert shop.failures == []
    row = shop.row(EnrollmentId(IDS[0], "letter", IDS[0]))
    assert row.status is EnrollmentStatus.FINISHED
    assert row.skips["letter"].reason is SkipReason.EXPRESSION_FAILED


def test_a_journey_goes_on_past_it() -> None:
    campaign = a_campaign(steps=(send_if(MANY_POINTS, "offer"), wait(days=1), send("welcome")))
    shop = Shop(campaign, answers=ANSWERS)
    enrollment = shop.enroll(campaign, a_customer(attributes={"points": "120"}))

    shop.carry(enrollment)

    assert shop.mails == ["welcome"]
    assert shop.row(enrollment).skips["offer"].reason is SkipReason.EXPRESSION_FAILED


def test_an_only_if_that_cannot_be_evaluated_enrolls_no_customer_and_the_rest_of_the_event_is_stored() -> (
    None
):
    campaign = a_campaign("offers", trigger="order.placed", only_if=MANY_POINTS)
    other = a_campaign("thanks", trigger="order.placed")
    shop = Shop(campaign, other, answers=ANSWERS)
    agreed = Consent(True, NOW - timedelta(days=1))
    shop.table.know(a_customer(attributes={"points": "120"}, consent=agreed))
    said = CustomerMention("c-ana", consent=Consent(False, NOW, "checkout"))

    taken = shop.take_in(an_event("order.placed", order_id="o-1", customer=said))

    assert taken.enrolled == ("thanks",)
    assert not shop.table.customer("c-ana").wants_marketing
    assert shop.table.order("c-ana", "o-1") is not None


def a_shop_where_only_if_failed() -> tuple[Shop, Event]:
    campaign = a_campaign("offers", trigger="order.placed", only_if=MANY_POINTS)
    shop = Shop(campaign, a_campaign("thanks", trigger="order.placed"), answers=dict(ANSWERS))
    shop.table.know(a_customer(attributes={"points": "120"}))
    event = an_event("order.placed", order_id="o-1")
    assert shop.take_in(event).unevaluated == ("offers",)
    return shop, event


def test_the_event_enrolls_when_it_comes_again_after_the_campaign_was_corrected() -> None:
    shop, event = a_shop_where_only_if_failed()
    before = shop.table.customer("c-ana"), shop.table.order("c-ana", "o-1")
    again = shop.take_in(event)
    assert (again.repeated, again.enrolled, again.unevaluated) == (True, (), ("offers",))
    assert before == (shop.table.customer("c-ana"), shop.table.order("c-ana", "o-1"))

    shop.expressions.answers[MANY_POINTS] = True
    taken = shop.take_in(event)

    assert (taken.repeated, taken.enrolled, taken.unevaluated) == (True, ("offers",), ())
    assert before[1] == shop.table.order("c-ana", "o-1")
    assert shop.table.customer("c-ana").purchases == before[0].purchases
    assert len(shop.workflows.started) == 2
    assert shop.take_in(event).enrolled == ()
    assert len(shop.workflows.started) == 2


def test_a_repeat_that_cannot_be_enrolled_any_more_asks_no_further() -> None:
    shop, event = a_shop_where_only_if_failed()
    shop.expressions.answers[MANY_POINTS] = False

    assert shop.take_in(event).unevaluated == ()
    assert shop.table.stored_event("c-ana", event.id) == replace(
        stored_event_of(event), unevaluated=frozenset()
    )


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("call", ["store", "start"])
def test_wherever_a_late_enrollment_crashes_the_next_repeat_finishes_it(call: str, phase: Phase) -> None:
    shop, event = a_shop_where_only_if_failed()
    shop.expressions.answers[MANY_POINTS] = True
    shop.seams.at_next(call, phase, crash)
    with pytest.raises(CrashError):
        shop.take_in(event)

    shop.take_in(event)

    assert {each.id.campaign for each in shop.workflows.started.values()} == {"offers", "thanks"}


def test_a_swept_enrollment_is_stored_although_the_first_step_cannot_be_judged() -> None:
    first = SendStep("letter", "letter", Condition(MANY_POINTS))
    campaign = a_campaign("letters", driver=Driver.SWEEP, steps=(first, wait(days=1), send("last")))
    shop = Shop(campaign, answers=ANSWERS)
    shop.table.know(a_customer(attributes={"points": "120"}))

    assert shop.take_in(an_event()).enrolled == ("letters",)
    shop.sweep_days(2)

    assert shop.mails == ["last"]


def test_each_is_reported_with_campaign_and_step_and_without_the_value() -> None:
    campaign = a_campaign("letters", steps=(send_if(MANY_POINTS, "letter"),), only_if=MANY_POINTS)
    shop = Shop(campaign, answers=ANSWERS)
    shop.table.know(a_customer(attributes={"points": "secret"}))

    shop.take_in(an_event())
    shop.carry(shop.enroll(replace(campaign, only_if=None)))

    assert {(name, step) for name, step, _ in shop.failed_expressions} == {
        ("letters", "only_if"),
        ("letters", "letter"),
    }
    assert not any("secret" in str(error) for *_, error in shop.failed_expressions)
