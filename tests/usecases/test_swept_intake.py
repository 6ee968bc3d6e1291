"""Taking in events for swept campaigns: no execution, but a row in the due index."""

from datetime import timedelta

from builders import NOW, a_campaign, an_event
from outreach.domain.journeys.campaign import Driver, Reentry
from usecases.shop import Shop
from usecases.steps import send, wait, wait_for


def later(shop: Shop, **span: float) -> dict[str, object]:
    """Time passes; the next event occurs then."""
    return {"occurred_at": shop.clock.advance(**span)}


def test_a_swept_campaign_starts_no_execution_and_is_first_due_when_its_first_wait_ends() -> None:
    campaign = a_campaign("win-back", driver=Driver.SWEEP, steps=(wait(days=90), send("we-miss-you")))
    shop = Shop(campaign)

    shop.take_in(an_event())

    assert shop.workflows.started == {}
    assert list(shop.table.first_due("win-back").values()) == [NOW + timedelta(days=90)]


def test_a_swept_campaign_that_begins_with_a_message_is_due_at_once() -> None:
    shop = Shop(a_campaign("news", driver=Driver.SWEEP))

    shop.take_in(an_event())

    assert list(shop.table.first_due("news").values()) == [NOW]


def test_a_swept_wait_for_an_event_is_due_when_the_event_comes() -> None:
    steps = (wait_for("customer.activated", days=30), send("make-the-most"))
    shop = Shop(a_campaign("news", driver=Driver.SWEEP, steps=steps))
    shop.take_in(an_event())
    assert list(shop.table.first_due("news").values()) == [NOW + timedelta(days=30)]

    shop.take_in(an_event("customer.activated", id="evt-2", **later(shop, days=2)))

    assert list(shop.table.first_due("news").values()) == [NOW + timedelta(days=2)]


def test_a_restart_of_a_swept_campaign_makes_it_due_later() -> None:
    campaign = a_campaign(
        "win-back", driver=Driver.SWEEP, reentry=Reentry.RESTART, steps=(wait(days=90), send("we-miss-you"))
    )
    shop = Shop(campaign)
    shop.take_in(an_event())

    shop.take_in(an_event(id="evt-2", **later(shop, days=10)))

    assert list(shop.table.first_due("win-back").values()) == [NOW + timedelta(days=100)]
