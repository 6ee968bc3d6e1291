"""The running totals of a customer's orders, kept in step with every mention of an order."""

from dataclasses import replace
from decimal import Decimal

from outreach.domain.intake.customer import Customer, Purchases
from outreach.domain.intake.event import ORDER_PLACED
from outreach.domain.intake.order import Order


def count_order(customer: Customer, before: Order | None, order: Order) -> tuple[Customer, Order]:
    """Keep the customer's totals in step with a placed order, counted once however often it is mentioned.

    `before` is the order as it was counted, so that a total that arrives late or changes is corrected. Only
    orders in the currency of the first one add to the amount spent.
    """
    if order.placed_at is None or ORDER_PLACED not in order.seen:
        return customer, order
    bought = customer.purchases
    currency = bought.currency or order.currency
    was = before if before is not None and before.counted else None
    purchases = Purchases(
        orders=bought.orders + (not order.counted),
        spent=bought.spent + _amount(order, currency) - _amount(was, currency),
        currency=currency,
        last_at=max(bought.last_at or order.placed_at, order.placed_at),
    )
    return replace(customer, purchases=purchases), replace(order, counted=True)


def _amount(order: Order | None, currency: str | None) -> Decimal:
    if order is None or order.total is None or order.currency is None or order.currency != currency:
        return Decimal(0)
    return order.total
