"""Which events count for a run: one rule for its exits, its waits and its start.

An event counts if it has no value for the run's key, or the same. The value for `order.id` is the event's
order; for `product.line` the lines of that order, as it is known after the event.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from outreach.domain.intake.customer import Customer
from outreach.domain.intake.order import Order
from outreach.domain.journeys.campaign import Campaign, Key, WaitForStep
from outreach.domain.journeys.enrollment import Trigger


def counts_for(campaign: Campaign, key_value: str, trigger: Trigger, order: Order | None) -> bool:
    """Whether an event about this order (None: about no order) counts for a run.

    For `product.line` the order that began the run counts whatever its lines are by now. An order without
    known items has no value for the key; one with items of other lines has another.
    """
    if order is None:
        return True
    match campaign.key:
        case Key.CUSTOMER:
            return True
        case Key.ORDER:
            return order.id == key_value
        case Key.PRODUCT_LINE:
            lines = {item.product_line for item in order.items}
            return not lines or key_value in lines or order.id == trigger.order_id


def event_history(
    campaign: Campaign, key_value: str, trigger: Trigger, customer: Customer, orders: Iterable[Order]
) -> Mapping[str, datetime]:
    """Per event name, when an event that counts for the run last happened.

    `orders` are the customer's; for the key `order.id` that one order is enough.
    """
    if campaign.key is Key.CUSTOMER:
        return customer.seen
    history = dict(customer.seen_without_order)
    for order in orders:
        if counts_for(campaign, key_value, trigger, order):
            for name, at in order.seen.items():
                history[name] = max(history.get(name, at), at)
    return history


def looks_back_on_all_orders(campaign: Campaign) -> bool:
    """Whether a wait of its runs is for events of orders that did not begin the run."""
    return campaign.key is Key.PRODUCT_LINE and any(isinstance(step, WaitForStep) for step in campaign.steps)


def with_newest(orders: Iterable[Order], newest: Order | None) -> tuple[Order, ...]:
    """The stored orders of a customer, with one replaced by what is known of it now."""
    if newest is None:
        return tuple(orders)
    return (*(order for order in orders if order.id != newest.id), newest)
