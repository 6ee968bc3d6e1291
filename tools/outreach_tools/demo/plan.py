"""The replay as a plan: every event of the demo with its time, from the orders file and a seed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from outreach_tools.demo.catalog import items_for
from outreach_tools.demo.dice import Dice
from outreach_tools.demo.habits import habits
from outreach_tools.demo.order_story import PROMISED_AFTER, turns
from outreach_tools.demo.orders_file import FIRST_DAY, LAST_DAY, Purchase
from outreach_tools.demo.people import Person, invent

BEGINS = datetime.combine(FIRST_DAY, time(0), UTC)
TAIL = timedelta(days=150)
"""After the last day: win-back ends 134 days after an order, and its mails may be held for some days."""
ENDS = datetime.combine(LAST_DAY, time(0), UTC) + timedelta(days=1) + TAIL
ORDER_MONTHS = (LAST_DAY.year - FIRST_DAY.year) * 12 + LAST_DAY.month - FIRST_DAY.month + 1
"""Calendar months with orders."""
HOW_LONG = (
    f"{ORDER_MONTHS} months of orders and the {TAIL.days} days that win-back needs after the last one: "
    f"{(ENDS - BEGINS).days} days in all"
)
"""How long the story is, as the README and the demo say it."""
CURRENCY = "USD"


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """One event for the bus."""

    at: datetime
    name: str
    detail: Mapping[str, Any]


def choose_customers(purchases: Mapping[str, tuple[Purchase, ...]], customers: int, seed: int) -> list[str]:
    """A sample by seed; more customers under the same seed keep those that fewer had."""
    dice = Dice(seed)
    return sorted(sorted(purchases, key=lambda number: dice.of(number).share("is chosen"))[:customers])


def plan(purchases: Mapping[str, tuple[Purchase, ...]], customers: int, seed: int) -> list[PlannedEvent]:
    """Every event in time's order; at the same instant in the order of the story."""
    planned = [
        event
        for number in choose_customers(purchases, customers, seed)
        for event in _life(number, purchases[number], Dice(seed, (number,)))
    ]
    return sorted(planned, key=lambda event: event.at)


def _life(number: str, bought: tuple[Purchase, ...], dice: Dice) -> Iterator[PlannedEvent]:
    """All that one customer does. The first order is also the sign-up."""
    person = invent(number, dice)
    ordered_at = [
        _ordered_at(purchase, dice.of(f"order {index}")) for index, purchase in enumerate(bought, 1)
    ]
    orders = sorted(zip(ordered_at, bought, strict=True), key=lambda pair: pair[0])
    yield _event(
        person, "signed-up", orders[0][0], "customer.signed_up", {"customer": _who(person, orders[0][0])}
    )
    delivered: list[tuple[datetime, str]] = []
    for index, (placed_at, purchase) in enumerate(orders, 1):
        story = dice.of(f"order {index}")
        order = _order(person, index, placed_at, purchase, story)
        yield _event(person, f"o{index}-placed", placed_at, "order.placed", {"order": order})
        for count, turn in enumerate(turns(placed_at, story), 1):
            body = {"order": {"id": order["id"], **turn.told}}
            yield _event(person, f"o{index}-{count}", turn.at, turn.event, body)
            if turn.event == "order.delivered":
                delivered += [(turn.at, item["product_line"]) for item in order["items"]]
    for count, habit in enumerate(habits(orders[0][0], orders[-1][0], delivered, dice), 1):
        yield _event(person, f"h{count}", habit.at, habit.event, habit.body)


def _ordered_at(purchase: Purchase, dice: Dice) -> datetime:
    """The file has the day, the seed the second."""
    return datetime.combine(purchase.day, time(0), UTC) + timedelta(seconds=dice.between("second", 0, 86_399))


def _event(person: Person, ending: str, at: datetime, name: str, body: Mapping[str, Any]) -> PlannedEvent:
    customer = {"id": person.id} | body.get("customer", {})
    detail = {
        "event_id": f"{person.id}-{ending}",
        "occurred_at": at.isoformat(),
        **body,
        "customer": customer,
    }
    return PlannedEvent(at, name, detail)


def _who(person: Person, at: datetime) -> dict[str, Any]:
    """The fields of the sign-up form; empty ones are not mentioned."""
    told = {
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "locale": person.locale,
        "country": person.country,
        "time_zone": person.time_zone,
        "consent": {"marketing": person.consents, "source": "checkout", "at": at.isoformat()},
        "attributes": {"profile_complete": person.profile_complete},
    }
    return {name: value for name, value in told.items() if value is not None}


def _order(person: Person, index: int, placed_at: datetime, purchase: Purchase, dice: Dice) -> dict[str, Any]:
    order_id = f"{person.id}-o{index}"
    return {
        "id": order_id,
        "placed_at": placed_at.isoformat(),
        "promised_at": (placed_at + PROMISED_AFTER).isoformat(),
        "total": str(purchase.total),
        "currency": CURRENCY,
        "url": f"https://www.juniperandoak.example.com/orders/{order_id}",
        "items": items_for(purchase.quantity, purchase.total, dice),
    }
