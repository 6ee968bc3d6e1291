"""Reads the orders that the demo replays (see data/cdnow/README.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files

FIRST_DAY = date(1997, 1, 1)
LAST_DAY = date(1998, 6, 30)
"""The days that the file covers."""
_FOLDER, _FILE = "outreach_tools.data", "cdnow/CDNOW_sample.txt"


@dataclass(frozen=True, slots=True)
class Purchase:
    """One line of the file."""

    customer: str
    day: date
    quantity: int
    total: Decimal
    """US dollars; a few orders cost nothing."""


def purchases_by_customer() -> Mapping[str, tuple[Purchase, ...]]:
    """Every customer's orders as the file lists them: by day."""
    text = (files(_FOLDER) / _FILE).read_text(encoding="ascii")
    found: dict[str, list[Purchase]] = {}
    for line in text.splitlines():
        _, customer, day, quantity, total = line.split()
        purchase = Purchase(customer, date.fromisoformat(day), int(quantity), Decimal(total))
        found.setdefault(customer, []).append(purchase)
    return {customer: tuple(purchases) for customer, purchases in found.items()}
