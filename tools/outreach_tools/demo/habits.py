"""What customers do besides ordering: try things out, change their mind, leave."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from outreach_tools.demo.dice import Dice

ACTIVE = 0.5
"""Share of customers who set up their account; some only after a reminder."""
CURIOUS = 0.4
"""Share of deliveries after which a feature is tried before its lesson comes."""
LEAVING = 0.03
WITHDRAWING = 0.04
"""Share of customers who withdraw their consent to marketing mail."""
_FEATURES: Mapping[str, tuple[str, ...]] = {
    "espresso": ("grinder", "steam_wand", "descale"),
    "oven": ("pizza_stone", "steam", "self_clean"),
    "skillet": ("searing", "baking", "reseasoning"),
}


@dataclass(frozen=True, slots=True)
class Habit:
    """One event about the customer; `body` joins the envelope."""

    at: datetime
    event: str
    body: Mapping[str, Any]


def habits(
    signed_up_at: datetime, last_order_at: datetime, delivered: Sequence[tuple[datetime, str]], dice: Dice
) -> Iterator[Habit]:
    """Everything but orders, in no particular order."""
    if dice.happens("activates", ACTIVE):
        yield Habit(_later(signed_up_at, dice, "activates", hours=(2, 6 * 24)), "customer.activated", {})
    for number, (at, line) in enumerate(delivered, 1):
        if dice.happens(f"tries something {number}", CURIOUS):
            feature = dice.pick(f"tries {number}", _FEATURES[line])
            when = _later(at, dice, f"tries {number}", hours=(12, 12 * 24))
            yield Habit(
                when, "product.feature_used", {"properties": {"product_line": line, "feature": feature}}
            )
    if dice.happens("withdraws", WITHDRAWING):
        when = _later(last_order_at, dice, "withdraws", hours=(24, 60 * 24))
        consent = {"marketing": False, "source": "account", "at": when.isoformat()}
        yield Habit(when, "customer.updated", {"customer": {"consent": consent}})
    elif dice.happens("leaves", LEAVING):
        yield Habit(_later(last_order_at, dice, "leaves", hours=(20 * 24, 120 * 24)), "customer.deleted", {})


def _later(at: datetime, dice: Dice, question: str, *, hours: tuple[int, int]) -> datetime:
    lowest, highest = hours
    return at + timedelta(minutes=dice.between(f"{question}: minutes later", lowest * 60, highest * 60))
