"""A producer's clock that is ahead makes none of its events win over later ones."""

from datetime import timedelta
from typing import Any

import pytest

from builders import NOW, a_campaign
from outreach.adapters.events.event_envelope import read
from usecases.shop import Shop

AHEAD = timedelta(minutes=50)


def say(shop: Shop, name: str, event_id: str, *, ahead: timedelta = timedelta(), **customer: Any) -> None:
    """What a producer sends now, stamped by its own clock, is taken in now."""
    now = shop.clock.now()
    occurred_at = (now + ahead).isoformat()
    detail = {"event_id": event_id, "occurred_at": occurred_at, "customer": {"id": "c-ana", **customer}}
    shop.take_in(read(name, detail, now=now))


def a_sign_up_ahead(shop: Shop) -> None:
    at = (NOW + AHEAD).isoformat()
    consent = {"marketing": True, "at": at}
    say(shop, "customer.signed_up", "e-1", ahead=AHEAD, email="ana@example.com", consent=consent)
    shop.clock.advance(minutes=5)


@pytest.fixture
def shop() -> Shop:
    return Shop(a_campaign(trigger="customer.signed_up"))


def test_a_later_no_wins_over_a_yes_stamped_ahead(shop: Shop) -> None:
    a_sign_up_ahead(shop)

    say(shop, "customer.updated", "e-2", consent={"marketing": False})

    assert not shop.table.customer("c-ana").wants_marketing


def test_a_later_deletion_wins_over_a_sign_up_stamped_ahead(shop: Shop) -> None:
    a_sign_up_ahead(shop)

    say(shop, "customer.deleted", "e-2")

    ana = shop.table.customer("c-ana")
    assert (ana.profile.email, ana.erased_at) == (None, shop.clock.now())
    assert not any(row.is_active for row in shop.table.of_customer("c-ana").values())


def test_a_later_address_replaces_one_stamped_ahead(shop: Shop) -> None:
    a_sign_up_ahead(shop)

    say(shop, "customer.updated", "e-2", email="new@example.com")

    assert shop.table.customer("c-ana").profile.email == "new@example.com"
