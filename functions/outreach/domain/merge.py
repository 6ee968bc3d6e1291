"""How an event changes what we know of a customer and an order, in whatever order events arrive.

Every field carries the moment of the event that set it. An older event fills what nobody mentioned
yet, and never undoes what a newer one said.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from outreach.domain.customer import Consent, Customer, Json, Profile, Purchases
from outreach.domain.event import FEATURE_USED, ORDER_DELAYED, ORDER_PLACED, Event
from outreach.domain.order import Order

REMEMBERED_EVENT_NAMES = 40
"""How many different event names a row remembers: bounded, so that a row stays small."""


def merge_customer(customer: Customer, event: Event) -> Customer:
    """The customer after the event, but for what orders add (see `count_order`)."""
    mention, at = event.customer, event.occurred_at
    as_of = dict(customer.as_of)
    fields: dict[str, str] = {}
    for name, value in mention.fields.items():
        if at >= as_of.get(name, at):
            fields[name], as_of[name] = value, at
    attributes = dict(customer.profile.attributes)
    for name, attribute in mention.attributes.items():
        if at >= as_of.get(f"attributes.{name}", at):
            attributes[name], as_of[f"attributes.{name}"] = attribute, at
    return replace(
        customer,
        profile=replace(customer.profile, **fields, attributes=attributes),
        as_of=as_of,
        consent=_newer_consent(customer.consent, mention.consent),
        features_used=_with_feature(customer.features_used, event),
        seen=_with_seen(customer.seen, event),
    )


def merge_order(order: Order, event: Event) -> Order:
    """The order after the event. The first promise is kept; every `order.delayed` counts."""
    mention, at = event.order, event.occurred_at
    if mention is None:
        return order
    as_of = dict(order.as_of)
    fields: dict[str, object] = {}
    implied = _status_of(event.name)
    told = {"status": implied} | dict(mention.fields) if implied else dict(mention.fields)
    if mention.items:
        told["items"] = mention.items
    for name, value in told.items():
        if at >= as_of.get(name, at):
            fields[name], as_of[name] = value, at
    promised = mention.fields.get("promised_at")
    if isinstance(promised, datetime) and at <= as_of.get("first_promised_at", at):
        fields["first_promised_at"], as_of["first_promised_at"] = promised, at
    merged = replace(order, **fields, as_of=as_of, seen=_with_seen(order.seen, event))  # type: ignore[arg-type]  # names were checked by the envelope
    if event.name == ORDER_PLACED and merged.placed_at is None:
        merged = replace(merged, placed_at=at)
    return replace(merged, delays=order.delays + (event.name == ORDER_DELAYED))


def count_order(customer: Customer, order: Order) -> tuple[Customer, Order]:
    """Add a placed order to the customer's totals, once however often it is mentioned."""
    if order.counted or order.placed_at is None or ORDER_PLACED not in order.seen:
        return customer, order
    bought = customer.purchases
    total = order.total or Decimal(0)
    same_money = bought.currency in {None, order.currency}
    purchases = Purchases(
        orders=bought.orders + 1,
        spent=bought.spent + total if same_money else bought.spent,
        currency=bought.currency or order.currency,
        last_at=max(bought.last_at or order.placed_at, order.placed_at),
    )
    return replace(customer, purchases=purchases), replace(order, counted=True)


def erase(customer: Customer, at: datetime) -> Customer:
    """Nothing personal is left; the opaque id stays, so that the erasure is remembered."""
    return Customer(
        id=customer.id,
        profile=Profile(),
        suppression=customer.suppression,
        erased_at=at,
        version=customer.version,
        claims=customer.claims,
    )


def _newer_consent(known: Consent | None, said: Consent | None) -> Consent | None:
    if said is None or (known is not None and said.at < known.at):
        return known
    return said


def _with_feature(used: Mapping[str, tuple[str, ...]], event: Event) -> Mapping[str, tuple[str, ...]]:
    line, feature = event.properties.get("product_line"), event.properties.get("feature")
    if event.name != FEATURE_USED or not isinstance(line, str) or not isinstance(feature, str):
        return used
    return {**used, line: tuple(sorted({*used.get(line, ()), feature}))}


def _with_seen(seen: Mapping[str, datetime], event: Event) -> dict[str, datetime]:
    merged = {**seen, event.name: max(seen.get(event.name, event.occurred_at), event.occurred_at)}
    newest = sorted(merged, key=lambda name: merged[name], reverse=True)[:REMEMBERED_EVENT_NAMES]
    return {name: merged[name] for name in sorted(newest)}


def _status_of(event_name: str) -> Json:
    """`order.shipped` says that the order is shipped, whether or not its body says so too."""
    noun, _, verb = event_name.partition(".")
    return verb if noun == "order" and verb in _STATUSES else None


_STATUSES = frozenset({"placed", "delayed", "shipped", "delivered", "cancelled"})
