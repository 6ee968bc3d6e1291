"""Taking in an event: stored once, then the executions are brought in line with what is stored."""

from datetime import timedelta

import pytest

from builders import NOW, a_campaign, an_event
from outreach.domain.errors import ConflictError, ReusedEventIdError
from outreach.domain.intake.customer import Consent
from outreach.domain.intake.event import ORDER_DELAYED, ORDER_PLACED, SIGNED_UP, CustomerMention
from outreach.domain.intake.event_effects import Outcome
from outreach.domain.intake.repeats import EVENT_MEMORY
from outreach.domain.journeys.campaign import Key, Reentry
from outreach.domain.journeys.enrollment import EnrollmentId
from outreach.usecases.attempts import ATTEMPTS
from outreach.usecases.intake.take_in_event import TakenIn
from usecases.seams import Phase
from usecases.shop import Shop
from usecases.steps import send, wait

ANA = EnrollmentId("c-ana", "onboarding", "c-ana")


def later(shop: Shop, **span: float) -> dict[str, object]:
    """Time passes; the next event occurs then."""
    return {"occurred_at": shop.clock.advance(**span)}


def test_an_event_enrolls_and_starts_one_execution() -> None:
    shop = Shop(a_campaign())

    assert shop.take_in(an_event()) == TakenIn(Outcome.TAKEN, repeated=False, enrolled=("onboarding",))

    assert shop.workflows.running == {shop.row(ANA).execution_name}
    assert shop.row(ANA).bundle == "v1"


def test_what_an_event_says_of_its_customer_is_kept() -> None:
    shop = Shop()
    mention = CustomerMention("c-ana", {"email": "ana@example.com"}, {"plan": "pro"}, Consent(True, NOW))

    shop.take_in(an_event("customer.updated", customer=mention))

    ana = shop.table.customer("c-ana")
    assert (ana.profile.email, ana.profile.attributes, ana.wants_marketing) == (
        "ana@example.com",
        {"plan": "pro"},
        True,
    )


def test_the_same_event_again_changes_nothing() -> None:
    shop = Shop(a_campaign(reentry=Reentry.RESTART))
    shop.take_in(an_event())
    rows, customers = dict(shop.table.enrollments), dict(shop.table.customers)

    again = shop.take_in(an_event())

    assert again == TakenIn(Outcome.TAKEN, repeated=True)
    assert (shop.table.enrollments, shop.table.customers) == (rows, customers)
    assert len(shop.workflows.started) == 1


@pytest.mark.parametrize("first", [ORDER_PLACED, ORDER_DELAYED])
def test_another_event_under_the_same_id_is_refused_whichever_comes_first(first: str) -> None:
    shop = Shop()
    other = ORDER_DELAYED if first == ORDER_PLACED else ORDER_PLACED
    shop.take_in(an_event(first, order_id="o-1"))
    known = dict(shop.table.customers), dict(shop.table.orders)

    with pytest.raises(ReusedEventIdError, match=f"`{first}`"):
        shop.take_in(an_event(other, order_id="o-1"))

    assert (shop.table.customers, shop.table.orders) == known


def test_an_event_that_loses_the_race_for_its_id_to_another_is_refused() -> None:
    shop = Shop(a_campaign())
    shop.seams.at_next("store", Phase.BEFORE, lambda: shop.rival.take_in(an_event("customer.activated")))

    with pytest.raises(ReusedEventIdError, match=r"`customer\.activated`"):
        shop.take_in(an_event())
    assert shop.table.enrollments == {}


def test_another_customer_may_have_an_event_of_the_same_id() -> None:
    shop = Shop(a_campaign())
    shop.take_in(an_event("customer.activated"))

    assert shop.take_in(an_event(customer_id="c-ben")).enrolled == ("onboarding",)


def test_a_name_that_no_campaign_asks_for_is_taken_in_and_reported() -> None:
    shop = Shop(a_campaign(trigger="cart.abandoned"))

    misspelled = shop.take_in(an_event("cart.abandonned"))

    assert misspelled.outcome is Outcome.TAKEN
    assert misspelled.unasked == "no campaign asks for `cart.abandonned`; did you mean `cart.abandoned`?"
    assert shop.take_in(an_event("cart.abandoned", id="evt-2")).unasked is None


def test_two_workers_with_the_same_event_enroll_once() -> None:
    shop = Shop(a_campaign(reentry=Reentry.RESTART))
    shop.seams.at_next("store", Phase.BEFORE, lambda: shop.rival.take_in(an_event()))

    assert shop.take_in(an_event()).repeated
    assert shop.row(ANA).run == 1
    assert len(shop.workflows.started) == 1


def test_another_event_about_the_same_thing_does_not_enroll_again() -> None:
    shop = Shop(a_campaign(reentry=Reentry.NEVER))
    shop.take_in(an_event())

    again = shop.take_in(an_event(id="evt-2", **later(shop, days=40)))

    assert again.enrolled == ()
    assert shop.row(ANA).run == 1


def test_every_order_enrolls_for_itself() -> None:
    shop = Shop(a_campaign("delays", trigger=ORDER_PLACED, key=Key.ORDER))

    shop.take_in(an_event(ORDER_PLACED, order_id="o-1"))
    shop.take_in(an_event(ORDER_PLACED, id="evt-2", order_id="o-2"))

    assert {key.key for key in shop.table.enrollments} == {"o-1", "o-2"}
    assert len(shop.workflows.running) == 2


def test_a_lost_race_is_run_again() -> None:
    shop = Shop(a_campaign())
    other = an_event("customer.updated", id="evt-2", customer=CustomerMention("c-ana", {"first_name": "Ana"}))
    shop.seams.at_next("store", Phase.BEFORE, lambda: shop.rival.take_in(other))

    assert shop.take_in(an_event()).enrolled == ("onboarding",)
    assert shop.table.customer("c-ana").profile.first_name == "Ana"


def test_races_that_are_lost_again_and_again_are_left_to_the_queue() -> None:
    shop = Shop(a_campaign())
    lost = []

    def interfere() -> None:
        lost.append(shop.rival.take_in(an_event("customer.updated", id=f"other-{len(lost)}")))
        shop.seams.at_next("store", Phase.BEFORE, interfere)

    shop.seams.at_next("store", Phase.BEFORE, interfere)

    start = shop.clock.now()
    with pytest.raises(ConflictError):
        shop.take_in(an_event())
    assert len(lost) == ATTEMPTS
    assert start < shop.clock.now() < start + timedelta(seconds=3)
    assert shop.workflows.started == {}


def test_an_event_is_remembered_as_long_as_it_could_come_again() -> None:
    shop = Shop()
    shop.take_in(an_event())

    assert shop.table.events == {("c-ana", "evt-1"): NOW + EVENT_MEMORY}


def test_who_goes_first_under_the_cap_is_started_first() -> None:
    shop = Shop(
        a_campaign("a-low", priority=10),
        a_campaign("b-high", priority=90),
        a_campaign("c-middle", priority=50),
    )

    shop.take_in(an_event())

    started = [row.id.campaign for row in shop.workflows.started.values()]
    assert started == ["b-high", "c-middle", "a-low"]


def test_a_campaign_that_asks_for_more_enrolls_only_whom_it_asks_for() -> None:
    shop = Shop(
        a_campaign("spanish", only_if="customer.country == 'ES'"),
        a_campaign("french", only_if="customer.country == 'FR'"),
        answers={"customer.country == 'ES'": True, "customer.country == 'FR'": False},
    )

    assert shop.take_in(an_event()).enrolled == ("spanish",)


def test_a_restart_stops_the_old_execution_and_starts_a_new_one() -> None:
    shop = Shop(a_campaign(reentry=Reentry.RESTART, steps=(wait(days=9), send("welcome"))))
    shop.take_in(an_event())
    first = shop.row(ANA).execution_name

    shop.take_in(an_event(id="evt-2", **later(shop, days=3)))

    assert shop.workflows.stopped == {first: "restarted"}
    assert shop.workflows.running == {shop.row(ANA).execution_name}
    assert (shop.row(ANA).run, shop.row(ANA).started_at) == (2, NOW + timedelta(days=3))


def test_an_event_that_comes_before_its_trigger_is_not_slept_through_by_intake() -> None:
    shop = Shop(a_campaign(exit_on=("customer.deactivated",)))
    shop.take_in(an_event("customer.deactivated", id="evt-2", occurred_at=NOW + timedelta(minutes=5)))

    assert shop.take_in(an_event()).enrolled == ()


def test_a_campaign_that_is_gone_does_not_hold_up_its_former_customers_events() -> None:
    shop = Shop(a_campaign("news", trigger="customer.activated"))
    shop.enroll(a_campaign("gone"))

    taken = shop.take_in(an_event("customer.activated", id="evt-2"))

    assert taken.enrolled == ("news",)


def test_an_event_that_enrolls_in_nothing_still_counts_as_seen() -> None:
    shop = Shop()

    assert shop.take_in(an_event(SIGNED_UP)) == TakenIn(Outcome.TAKEN, repeated=False)
    assert shop.table.customer("c-ana").seen == {SIGNED_UP: NOW}
