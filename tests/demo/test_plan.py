"""The plan of the replay: sound events from real orders, the same for the same seed."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from outreach.adapters.events.event_envelope import read
from outreach_tools.cli.demo import demo
from outreach_tools.demo.orders_file import FIRST_DAY, LAST_DAY, purchases_by_customer
from outreach_tools.demo.plan import (
    BEGINS,
    ENDS,
    HOW_LONG,
    ORDER_MONTHS,
    TAIL,
    PlannedEvent,
    choose_customers,
    plan,
)
from some import some

PURCHASES = purchases_by_customer()
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def events() -> list[PlannedEvent]:
    return plan(PURCHASES, 300, seed=1)


def test_the_file_holds_what_its_readme_says() -> None:
    bought = [purchase for purchases in PURCHASES.values() for purchase in purchases]
    assert (len(bought), len(PURCHASES)) == (6919, 2357)
    days = sorted(purchase.day for purchase in bought)
    assert (days[0], days[-1]) == (FIRST_DAY, LAST_DAY)


def test_every_event_is_one_that_intake_takes(events: list[PlannedEvent]) -> None:
    for event in some(events):
        assert read(event.name, event.detail, now=event.at).occurred_at == event.at


def test_the_same_seed_plans_the_same_and_another_seed_does_not() -> None:
    assert plan(PURCHASES, 20, seed=3) == plan(PURCHASES, 20, seed=3)
    assert plan(PURCHASES, 20, seed=3) != plan(PURCHASES, 20, seed=4)


def test_more_customers_keep_those_that_fewer_had() -> None:
    assert set(choose_customers(PURCHASES, 10, 1)) < set(choose_customers(PURCHASES, 40, 1))


def test_no_event_id_comes_twice_and_time_only_goes_forward(events: list[PlannedEvent]) -> None:
    assert max(Counter(event.detail["event_id"] for event in events).values()) == 1
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert events[0].at >= BEGINS
    assert events[-1].at < ENDS


def test_every_customer_signs_up_with_the_first_order_and_before_anything_else(
    events: list[PlannedEvent],
) -> None:
    first: dict[str, list[PlannedEvent]] = {}
    for event in events:
        first.setdefault(event.detail["customer"]["id"], []).append(event)
    assert len(first) == 300
    for mine in first.values():
        assert [event.name for event in mine[:2]] == ["customer.signed_up", "order.placed"]
        assert mine[0].at == mine[1].at


def test_about_nine_in_ten_consent_and_one_order_in_twenty_five_is_late(events: list[PlannedEvent]) -> None:
    sign_ups = [event for event in events if event.name == "customer.signed_up"]
    consents = sum(event.detail["customer"]["consent"]["marketing"] for event in sign_ups)
    assert 0.85 < consents / len(sign_ups) < 0.95
    placed = {event.detail["order"]["id"]: event.at for event in events if event.name == "order.placed"}
    late = sum(
        event.at - placed[event.detail["order"]["id"]] > timedelta(days=4)
        for event in events
        if event.name == "order.delivered"
    )
    assert 0.02 < late / len(placed) < 0.06


def test_the_pieces_of_an_order_cost_no_more_than_the_order(events: list[PlannedEvent]) -> None:
    for event in some(each for each in events if each.name == "order.placed"):
        order = event.detail["order"]
        pieces = sum(float(item["price"]) * item["quantity"] for item in order["items"])
        assert pieces <= float(order["total"]) + 0.001


def test_readme_and_command_say_how_long_the_story_is() -> None:
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    command = " ".join((demo.__doc__ or "").split())

    assert (ORDER_MONTHS, TAIL.days, (ENDS - BEGINS).days) == (18, 150, 696)
    assert HOW_LONG in readme
    assert f"Replay {ORDER_MONTHS} months" in command
    assert f"{TAIL.days} days after the last order" in command
