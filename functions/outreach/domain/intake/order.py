"""An order: promised, shipped, delivered, sometimes late."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One line of an order."""

    sku: str
    name: str
    quantity: int = 1
    product_line: str | None = None
    price: str | None = None
    """Decimal text, per piece, in the order's currency."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is known of one order. A field that no event mentioned yet is None."""

    id: str
    status: str | None = None
    placed_at: datetime | None = None
    promised_at: datetime | None = None
    """The newest promise."""
    first_promised_at: datetime | None = None
    total: Decimal | None = None
    currency: str | None = None
    delay_reason: str | None = None
    url: str | None = None
    items: tuple[OrderItem, ...] = ()
    delays: int = 0
    """How many times the order was reported late."""
    as_of: Mapping[str, datetime] = field(default_factory=dict)
    seen: Mapping[str, datetime] = field(default_factory=dict)
    """Per event name, when it last happened to this order."""
    counted: bool = False
    """Whether the customer's totals already hold this order."""
    version: int = 0
