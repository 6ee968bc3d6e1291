"""How an event changes what is known of a customer and an order, in whatever order events arrive.

Every field carries the time of the event that set it. An older event fills fields that no other event
mentioned, and never undoes a newer one.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from outreach.domain.intake.customer import Consent, Customer, Json
from outreach.domain.intake.event import FEATURE_USED, ORDER_DELAYED, ORDER_PLACED, Event
from outreach.domain.intake.order import Order

REMEMBERED_EVENT_NAMES = 40
"""How many different event names a row remembers: bounded, so that a row stays small."""


def merge_customer(customer: Customer, event: Event) -> Customer:
    """The customer after the event, except what orders add (see `totals`)."""
    mention, at = event.customer, event.occurred_at
    as_of = dict(customer.as_of)
    fields: dict[str, str] = {}
    for name, value in mention.fields.items():
        if _is_newer(value, getattr(customer.profile, name), at, as_of.get(name)):
            fields[name], as_of[name] = value, at
    attributes = dict(customer.profile.attributes)
    for name, attribute in mention.attributes.items():
        if _is_newer(attribute, attributes.get(name), at, as_of.get(f"attributes.{name}")):
            attributes[name], as_of[f"attributes.{name}"] = attribute, at
    return replace(
        customer,
        profile=replace(customer.profile, **fields, attributes=attributes),
        as_of=as_of,
        consent=newer_consent(customer.consent, mention.consent),
        features_used=_with_feature(customer.features_used, event),
        seen=_with_seen(customer.seen, event),
        seen_without_order=(
            _with_seen(customer.seen_without_order, event)
            if event.order is None
            else customer.seen_without_order
        ),
    )


def merge_order(order: Order, event: Event) -> Order:
    """The order after the event. The first promise is kept; every `order.delayed` counts.

    Without a `placed_at` the earliest `order.placed` says when it was placed.
    """
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
        if _is_newer(value, getattr(order, name), at, as_of.get(name)):
            fields[name], as_of[name] = value, at
    promised = mention.fields.get("promised_at")
    if isinstance(promised, datetime):
        first = (as_of.get("first_promised_at", at), order.first_promised_at or promised)
        as_of["first_promised_at"], fields["first_promised_at"] = min(first, (at, promised))
    merged = replace(order, **fields, as_of=as_of, seen=_with_seen(order.seen, event))  # type: ignore[arg-type]  # names were checked by the envelope
    if event.name == ORDER_PLACED and "placed_at" not in as_of:
        merged = replace(merged, placed_at=min(merged.placed_at or at, at))
    return replace(merged, delays=order.delays + (event.name == ORDER_DELAYED))


def _is_newer(said: object, known: object, at: datetime, as_of: datetime | None) -> bool:
    """The newer one counts; of two at the same instant the weightier, so that arrival never decides."""
    if as_of is None or at != as_of:
        return as_of is None or at > as_of
    return _weight(said) > _weight(known)


def _weight(value: object) -> tuple[int, str]:
    """A status weighs by its place along the way; everything else by its text."""
    rank = _STATUSES.index(value) if isinstance(value, str) and value in _STATUSES else -1
    return rank, json.dumps(value, sort_keys=True, default=str)


def newer_consent(known: Consent | None, said: Consent | None) -> Consent | None:
    """The newest consent; of a yes and a no at the same instant the no.

    A yes without a time of its own may be an old one that a shop sends along with every order: it counts only
    while there is no other.
    """
    if said is None or known is None:
        return said or known
    return max(known, said, key=_weight_of_consent)


def _weight_of_consent(said: Consent) -> tuple[bool, datetime, bool, str]:
    return said.dated or not said.marketing, said.at, not said.marketing, said.source or ""


def _with_feature(used: Mapping[str, tuple[str, ...]], event: Event) -> Mapping[str, tuple[str, ...]]:
    line, feature = event.properties.get("product_line"), event.properties.get("feature")
    if event.name != FEATURE_USED or not isinstance(line, str) or not isinstance(feature, str):
        return used
    return {**used, line: tuple(sorted({*used.get(line, ()), feature}))}


def _with_seen(seen: Mapping[str, datetime], event: Event) -> dict[str, datetime]:
    merged = {**seen, event.name: max(seen.get(event.name, event.occurred_at), event.occurred_at)}
    newest = sorted(merged, key=lambda name: (merged[name], name), reverse=True)[:REMEMBERED_EVENT_NAMES]
    return {name: merged[name] for name in sorted(newest)}


def _status_of(event_name: str) -> Json:
    """`order.shipped` says that the order is shipped, whether or not its body does."""
    noun, _, verb = event_name.partition(".")
    return verb if noun == "order" and verb in _STATUSES else None


_STATUSES = ("placed", "delayed", "shipped", "delivered", "cancelled")
"""In the order in which an order passes through them."""
