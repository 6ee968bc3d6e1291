"""The row of an order."""

from decimal import Decimal
from typing import Any

from outreach.adapters.dynamodb.items.attributes import (
    Attribute,
    Item,
    facts,
    in_milliseconds,
    instants,
    number,
    optional_instant,
    optional_milliseconds,
    read_facts,
)
from outreach.domain.intake.order import Order, OrderItem


def order_attributes(order: Order) -> dict[str, Attribute]:
    """Everything but the key, with the next version."""
    values: dict[str, Any] = {
        "status": order.status,
        "placed_at": optional_milliseconds(order.placed_at),
        "promised_at": optional_milliseconds(order.promised_at),
        "first_promised_at": optional_milliseconds(order.first_promised_at),
        "total": None if order.total is None else str(order.total),
        "currency": order.currency,
        "delay_reason": order.delay_reason,
        "url": order.url,
        "delays": order.delays or None,
        "as_of": in_milliseconds(order.as_of),
        "seen": in_milliseconds(order.seen),
        "counted": order.counted or None,
    }
    if order.items:
        values["items"] = [
            [item.sku, item.name, item.quantity, item.product_line, item.price] for item in order.items
        ]
    return {"facts": facts(values), "version": number(order.version + 1)}


def read_order(order_id: str, item: Item) -> Order:
    """The order of a row."""
    known = read_facts(item)
    return Order(
        id=order_id,
        status=known.get("status"),
        placed_at=optional_instant(known.get("placed_at")),
        promised_at=optional_instant(known.get("promised_at")),
        first_promised_at=optional_instant(known.get("first_promised_at")),
        currency=known.get("currency"),
        delay_reason=known.get("delay_reason"),
        url=known.get("url"),
        total=Decimal(known["total"]) if "total" in known else None,
        items=tuple(OrderItem(*line) for line in known.get("items", ())),
        delays=known.get("delays", 0),
        as_of=instants(known.get("as_of", {})),
        seen=instants(known.get("seen", {})),
        counted=known.get("counted", False),
        version=int(item["version"]["N"]),
    )
