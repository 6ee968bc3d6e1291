"""What every Customers must do, the fake as well as the table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.dynamodb.conftest import Memory
from adapters.dynamodb.rows import a_full_customer, a_full_order
from builders import NOW, a_customer, an_order
from outreach.domain.errors import ConflictError
from outreach.domain.intake.customer import Customer
from outreach.domain.intake.erasure import erase
from outreach.domain.operations.customer_stops import ALL_CAMPAIGNS, Stop


def test_a_customer_without_events_is_an_empty_one(memory: Memory) -> None:
    assert memory.customers.customer("c-nobody") == Customer("c-nobody")


def test_a_customer_comes_back_with_all_that_was_said(memory: Memory) -> None:
    memory.know(a_full_customer())

    assert memory.customers.customer("c-ana") == replace(a_full_customer(), version=1)


def test_an_unmentioned_order_is_none(memory: Memory) -> None:
    memory.take_in(a_customer(), an_order("o-1"))

    assert memory.customers.order("c-ana", "o-2") is None
    assert memory.customers.order("c-ben", "o-1") is None


def test_an_order_comes_back_with_all_that_was_said(memory: Memory) -> None:
    memory.take_in(a_customer(), a_full_order())

    assert memory.customers.order("c-ana", "o-1") == replace(a_full_order(), version=1)


def test_ids_that_hold_the_separator_stay_apart(memory: Memory) -> None:
    for customer_id, order_id in (("c#o", "1"), ("c", "o#1"), ("c%23o", "1"), ("c", "o%231")):
        known = memory.customers.customer(customer_id)
        customer = replace(a_customer(customer_id), version=known.version)
        memory.take_in(customer, an_order(order_id, url=f"https://shop.example.com/{customer_id}/{order_id}"))

    for customer_id, order_id in (("c#o", "1"), ("c", "o#1"), ("c%23o", "1"), ("c", "o%231")):
        order = memory.customers.order(customer_id, order_id)
        assert order is not None
        assert order.url == f"https://shop.example.com/{customer_id}/{order_id}"


def test_what_an_operator_stopped_comes_back_whole_and_an_event_leaves_it_alone(memory: Memory) -> None:
    over = Stop(NOW, "olga", NOW + timedelta(hours=1), "otto")
    stops = {ALL_CAMPAIGNS: over, "news": Stop(NOW, "olga")}
    memory.customers.save_stops(replace(memory.know(a_customer()), stops=stops))

    stored = memory.customers.customer("c-ana")
    assert (stored.stops, stored.version) == (stops, 2)
    memory.take_in(replace(stored, stops={}))
    assert memory.customers.customer("c-ana").stops == stops
    memory.take_in(erase(memory.customers.customer("c-ana"), NOW))
    assert memory.customers.customer("c-ana").stops == stops


def test_stops_are_not_stored_over_a_profile_that_changed(memory: Memory) -> None:
    known = memory.know(a_customer())
    memory.take_in(known)

    with pytest.raises(ConflictError):
        memory.customers.save_stops(replace(known, stops={"news": Stop(NOW, "olga")}))
    with pytest.raises(ConflictError):
        memory.take_in(known)
