"""A caller that lost a race waits before it tries again; the last lost race is raised."""

from datetime import timedelta

import pytest

from builders import NOW, a_campaign, an_event
from fakes import FakeClock
from outreach.domain.errors import ConflictError
from outreach.domain.journeys.campaign import Driver
from outreach.domain.journeys.enrollment import EnrollmentId
from outreach.domain.sending.breaker import Breaker
from outreach.domain.sending.sending_state import SendingState
from outreach.usecases.attempts import ATTEMPTS
from outreach.usecases.operations.resume_sending import resume_sending
from usecases.seams import Phase
from usecases.shop import Shop
from usecases.steps import send, wait_for

STEPS = (wait_for("customer.activated", days=3), send("make-the-most"))
CAMPAIGN = a_campaign(steps=STEPS)
SWEPT = a_campaign(driver=Driver.SWEEP, steps=STEPS)
LONGEST = timedelta(seconds=1.5)
"""All the waits of five attempts together, at most."""


def lose(shop: Shop, enrollment_id: EnrollmentId, times: int, call: str = "save") -> list[timedelta]:
    """A rival changes the row before each of the next calls; returns when that was."""
    lost: list[timedelta] = []

    def interfere() -> None:
        shop.table.save(shop.row(enrollment_id))
        lost.append(shop.clock.now() - NOW)
        if len(lost) < times:
            shop.seams.at_next(call, Phase.BEFORE, interfere)

    shop.seams.at_next(call, Phase.BEFORE, interfere)
    return lost


def waited(lost: list[timedelta], times: int) -> bool:
    return len(set(lost)) == times and lost[0] == timedelta(0) and lost[-1] < LONGEST


def test_advancing_waits_before_trying_again() -> None:
    shop = Shop(CAMPAIGN)
    ana = shop.enroll(CAMPAIGN)
    lost = lose(shop, ana, ATTEMPTS - 1)

    shop.advance(ana)

    assert waited(lost, ATTEMPTS - 1)
    assert shop.row(ana).waiting is not None


def test_advancing_raises_after_the_last_attempt() -> None:
    shop = Shop(CAMPAIGN)
    ana = shop.enroll(CAMPAIGN)
    lost = lose(shop, ana, ATTEMPTS)

    with pytest.raises(ConflictError):
        shop.advance(ana)

    assert waited(lost, ATTEMPTS)


def test_parking_waits_before_trying_again() -> None:
    shop = Shop(CAMPAIGN)
    ana = shop.enroll(CAMPAIGN)
    shop.rival.advance(ana)
    lost = lose(shop, ana, ATTEMPTS - 1)

    assert shop.park(ana, 1, "token")

    assert waited(lost, ATTEMPTS - 1)


def test_an_event_that_makes_due_waits_before_running_again() -> None:
    shop = Shop(SWEPT)
    ana = shop.enroll(SWEPT)
    shop.seams.at_next("store", Phase.BEFORE, lambda: shop.rival.advance(ana))
    lost = lose(shop, ana, ATTEMPTS - 1)

    shop.take_in(an_event("customer.activated", id="evt-2"))

    assert waited(lost, ATTEMPTS - 1)
    assert shop.row(ana).due_at == NOW


class Contended:
    """A switch at which a rival counted, so many times."""

    def __init__(self, times: int) -> None:
        self.left = times

    def sending(self) -> SendingState:
        return SendingState(breaker=Breaker())

    def resume(self, breaker: Breaker) -> None:
        del breaker
        if self.left:
            self.left -= 1
            raise ConflictError("the breaker counted meanwhile")


@pytest.mark.parametrize("times", [1, ATTEMPTS - 1])
def test_resuming_waits_before_trying_again(times: int) -> None:
    clock = FakeClock()

    resume_sending(switch=Contended(times), clock=clock)

    assert NOW < clock.now() < NOW + LONGEST
