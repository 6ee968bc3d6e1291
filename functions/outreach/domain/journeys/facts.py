"""The facts that messages and expressions read: one frozen view, made from the rows of one customer.

They are objects and not dictionaries, so that `order.items` is the items and not a method.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from outreach.domain.intake.customer import Customer
from outreach.domain.intake.order import Order, OrderItem
from outreach.domain.journeys.amount import Amount, amount_of
from outreach.domain.journeys.campaign import Campaign, Key
from outreach.domain.journeys.declared_facts import DeclaredFacts
from outreach.domain.journeys.enrollment import Trigger
from outreach.domain.journeys.typed_values import Report, ignore, typed_values


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """`customer` in a template."""

    id: str
    email: str | None
    first_name: str | None
    last_name: str | None
    locale: str | None
    country: str | None
    time_zone: str
    attributes: Mapping[str, object]
    """By their declared types; what is not declared is as it came (JSON)."""
    orders: int
    total_spent: Amount | None
    currency: str | None
    last_order_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """`order` in a template."""

    id: str
    status: str | None
    placed_at: datetime | None
    promised_at: datetime | None
    first_promised_at: datetime | None
    total: Amount | None
    currency: str | None
    delay_reason: str | None
    url: str | None
    items: tuple[OrderItem, ...]
    delays: int


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """`product` in a template of a campaign that runs per product line."""

    line: str
    name: str
    features_used: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventFacts:
    """`event` in a template: the event that enrolled."""

    name: str
    occurred_at: datetime
    properties: Mapping[str, object]
    """By their declared types; what is not declared is as it came (JSON)."""


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """`campaign` in a template."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Links:
    """`links` in a template: pages of Outreach, made for this customer."""

    unsubscribe: str
    preferences: str
    survey: str


def facts_for(
    campaign: Campaign,
    key_value: str,
    trigger: Trigger,
    customer: Customer,
    order: Order | None,
    links: Links,
    zone: ZoneInfo,
    now: datetime,
    *,
    report: Report = ignore,
) -> dict[str, object]:
    """Everything a message or an expression of an enrollment may use. Times are in `zone`.

    `key_value` is what the enrollment's key stands for. `report` is called with each value that counts as
    missing because it does not fit its declared type.
    """
    line = key_value if campaign.key is Key.PRODUCT_LINE else None
    return {
        "customer": _customer(customer, campaign.facts, zone, report),
        "order": None if order is None else _order(order, zone),
        "product": None if line is None else _product(line, customer, order),
        "event": _event(trigger, campaign.facts, zone, report),
        "campaign": CampaignFacts(campaign.name, campaign.title),
        "links": links,
        "values": campaign.values,
        "now": now.astimezone(zone),
    }


def _event(trigger: Trigger, declared: DeclaredFacts, zone: ZoneInfo, report: Report) -> EventFacts:
    properties = typed_values(
        trigger.properties, declared.of_event(trigger.name), zone, "event.properties", report
    )
    return EventFacts(trigger.name, trigger.occurred_at.astimezone(zone), properties)


def _customer(customer: Customer, declared: DeclaredFacts, zone: ZoneInfo, report: Report) -> CustomerFacts:
    profile, purchases = customer.profile, customer.purchases
    return CustomerFacts(
        id=customer.id,
        email=profile.email,
        first_name=profile.first_name,
        last_name=profile.last_name,
        locale=profile.locale,
        country=profile.country,
        time_zone=zone.key,
        attributes=typed_values(profile.attributes, declared.customer, zone, "customer.attributes", report),
        orders=purchases.orders,
        total_spent=_amount(purchases.spent) if purchases.orders else None,
        currency=purchases.currency,
        last_order_at=_local(purchases.last_at, zone),
    )


def _order(order: Order, zone: ZoneInfo) -> OrderFacts:
    return OrderFacts(
        id=order.id,
        status=order.status,
        placed_at=_local(order.placed_at, zone),
        promised_at=_local(order.promised_at, zone),
        first_promised_at=_local(order.first_promised_at, zone),
        total=_amount(order.total),
        currency=order.currency,
        delay_reason=order.delay_reason,
        url=order.url,
        items=tuple(_item(each) for each in order.items),
        delays=order.delays,
    )


def _item(item: OrderItem) -> OrderItem:
    return item if item.price is None else replace(item, price=amount_of(item.price) or item.price)


def _amount(value: Decimal | None) -> Amount | None:
    return None if value is None else Amount(value)


def _product(line: str, customer: Customer, order: Order | None) -> ProductFacts:
    items = () if order is None else order.items
    name = next((item.name for item in items if item.product_line == line), line)
    return ProductFacts(line, name, customer.features_used.get(line, ()))


def _local(instant: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if instant is None else instant.astimezone(zone)
