"""Parking: an event before, while or after the token is stored; it is never missed."""

from datetime import timedelta
from functools import partial

import pytest

from builders import NOW, a_campaign, an_event
from outreach.domain.errors import UnknownEnrollmentError
from outreach.domain.journeys.enrollment import EnrollmentId
from outreach.domain.journeys.progress import Over, Parks
from some import some
from usecases.seams import CrashError, Phase, crash
from usecases.shop import Shop
from usecases.steps import send, wait_for

CAMPAIGN = a_campaign(
    exit_on=("customer.deactivated",), steps=(wait_for("customer.activated", days=3), send("make-the-most"))
)
TOKEN = "token-1"


def a_shop_that_waits() -> tuple[Shop, EnrollmentId]:
    """Its execution holds a token that is not stored yet."""
    shop = Shop(CAMPAIGN)
    ana = shop.enroll(CAMPAIGN)
    assert isinstance(shop.rival.advance(ana), Parks)
    shop.workflows.parked.add(TOKEN)
    return shop, ana


def activate(shop: Shop) -> None:
    shop.rival.take_in(an_event("customer.activated", id="evt-2", occurred_at=shop.clock.now()))


def test_a_parked_enrollment_is_woken_by_its_event() -> None:
    shop, ana = a_shop_that_waits()

    assert shop.park(ana, 1, TOKEN)
    assert shop.workflows.woken == []
    activate(shop)

    assert shop.workflows.woken == [TOKEN]
    assert isinstance(shop.advance(ana), Over)
    assert shop.mails == ["make-the-most"]


def test_an_event_before_the_token_is_stored_wakes_at_once() -> None:
    shop, ana = a_shop_that_waits()
    activate(shop)

    assert not shop.park(ana, 1, TOKEN)
    assert shop.workflows.woken == [TOKEN]


def test_another_event_wakes_no_run() -> None:
    shop, ana = a_shop_that_waits()
    shop.park(ana, 1, TOKEN)

    shop.rival.take_in(an_event("customer.updated", id="evt-2"))

    assert shop.workflows.woken == []


def calls_while_parking() -> list[str]:
    shop, ana = a_shop_that_waits()
    shop.park(ana, 1, TOKEN)
    return shop.seams.calls


@pytest.mark.parametrize("phase", Phase)
def test_an_event_at_any_instant_of_parking_wakes_it(phase: Phase) -> None:
    for number, call in enumerate(some(calls_while_parking())):
        shop, ana = a_shop_that_waits()
        shop.seams.at(number, phase, partial(activate, shop))

        shop.park(ana, 1, TOKEN)

        assert not shop.seams.is_pending
        assert shop.workflows.woken == [TOKEN], f"{phase} call {number}: {call}"


def calls_while_taking_in() -> list[str]:
    shop, _ = a_shop_that_waits()
    shop.take_in(an_event("customer.activated", id="evt-2"))
    return shop.seams.calls


@pytest.mark.parametrize("phase", Phase)
def test_parking_at_any_instant_of_taking_the_event_in_does_not_miss_it(phase: Phase) -> None:
    for number, call in enumerate(some(calls_while_taking_in())):
        shop, ana = a_shop_that_waits()
        shop.seams.at(number, phase, partial(shop.rival.park, ana, 1, TOKEN))

        shop.take_in(an_event("customer.activated", id="evt-2"))

        assert not shop.seams.is_pending
        assert shop.workflows.woken == [TOKEN], f"{phase} call {number}: {call}"


@pytest.mark.parametrize("phase", Phase)
def test_a_park_that_crashed_and_came_again_with_a_new_token_is_woken(phase: Phase) -> None:
    for number, call in enumerate(some(calls_while_parking())):
        shop, ana = a_shop_that_waits()
        shop.seams.at(number, phase, crash)
        with pytest.raises(CrashError):
            shop.park(ana, 1, TOKEN)
        shop.workflows.parked = {"token-2"}

        assert shop.park(ana, 1, "token-2")
        activate(shop)

        assert shop.workflows.woken == ["token-2"], f"{phase} call {number}: {call}"


@pytest.mark.parametrize("phase", Phase)
def test_leaving_at_any_instant_of_parking_leaves_no_run_asleep(phase: Phase) -> None:
    def leave(shop: Shop) -> None:
        shop.rival.take_in(an_event("customer.deactivated", id="evt-2"))

    for number, call in enumerate(some(calls_while_parking())):
        shop, ana = a_shop_that_waits()
        shop.workflows.start(shop.row(ana))
        shop.seams.at(number, phase, partial(leave, shop))

        shop.park(ana, 1, TOKEN)

        assert shop.workflows.running == set(), f"{phase} call {number}: {call}"
        assert not shop.row(ana).is_active


def test_a_wait_that_gave_way_to_the_next_one_is_woken_to_wait_for_that() -> None:
    campaign = a_campaign(steps=(wait_for("a.came", days=3), wait_for("b.came", days=3), send("both")))
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.rival.advance(ana)
    shop.workflows.parked = {TOKEN, "token-2"}
    shop.rival.take_in(an_event("a.came", id="evt-2"))

    assert not shop.park(ana, 1, TOKEN)
    assert shop.advance(ana) == Parks("b.came", NOW + timedelta(days=3))
    assert shop.park(ana, 1, "token-2")
    shop.rival.take_in(an_event("b.came", id="evt-3"))

    assert shop.workflows.woken == [TOKEN, "token-2"]


def test_an_older_run_is_woken_to_find_out_that_it_is_over() -> None:
    shop, ana = a_shop_that_waits()

    assert not shop.park(ana, 0, TOKEN)
    assert shop.workflows.woken == [TOKEN]
    waiting = shop.row(ana).waiting
    assert waiting is not None
    assert waiting.token is None


def test_a_wait_that_is_out_of_time_is_woken_at_once() -> None:
    shop, ana = a_shop_that_waits()
    shop.clock.set(NOW + timedelta(days=3))

    assert not shop.park(ana, 1, TOKEN)
    assert shop.workflows.woken == [TOKEN]


def test_a_run_that_loses_every_race_is_woken_to_decide_anew() -> None:
    shop, ana = a_shop_that_waits()

    def interfere() -> None:
        shop.table.save(shop.row(ana))
        shop.seams.at_next("save", Phase.BEFORE, interfere)

    shop.seams.at_next("save", Phase.BEFORE, interfere)

    assert not shop.park(ana, 1, TOKEN)
    assert shop.workflows.woken == [TOKEN]


def test_an_unknown_enrollment_is_an_error() -> None:
    with pytest.raises(UnknownEnrollmentError):
        Shop(CAMPAIGN).park(EnrollmentId("c-ana", "onboarding", "c-ana"), 1, TOKEN)
