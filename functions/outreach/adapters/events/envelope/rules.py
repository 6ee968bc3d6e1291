"""Rules about several fields of an event: what its name requires, and when it may have happened."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from outreach.adapters.events.envelope.ids import looks_like_an_address
from outreach.domain.errors import Problem
from outreach.domain.intake.event import DELETED, FEATURE_USED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.adapters.events.envelope.model import Envelope, OrderPart

LONGEST_EVENT_NAME = 64
EARLIEST = timedelta(days=400)
"""As long as an event's id is stored: an older event could not be distinguished from a repeat."""
LATEST = timedelta(hours=1)
"""How far ahead a producer's clock may be."""
_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_LONGEST_WORD = 48
"""Characters. A product line is the key of an enrollment, which must fit into a message tag in any script."""


def name_problems(name: object) -> Iterator[Problem]:
    """What is wrong with an event's name."""
    if not isinstance(name, str) or len(name) > LONGEST_EVENT_NAME or not _NAME.fullmatch(name):
        what = f"must be noun.verb_in_past, {LONGEST_EVENT_NAME} characters at most, such as order.placed"
        yield Problem("detail-type", what)


def broken_rules(name: str, envelope: Envelope, now: datetime) -> Iterator[Problem]:
    """What does not fit together in an event whose fields are each right."""
    if envelope.occurred_at < now - EARLIEST:
        yield Problem("occurred_at", f"is older than {EARLIEST.days} days; events are remembered no longer")
    yield from _no_addresses(name, envelope)
    yield from _not_ahead("occurred_at", envelope.occurred_at, now)
    consent = envelope.customer.consent
    if consent is not None:
        yield from _not_ahead("customer.consent.at", consent.at, now)
    if envelope.order is not None:
        yield from _not_ahead("order.placed_at", envelope.order.placed_at, now)
        yield from _money_has_currency(envelope.order)
    elif name.startswith("order."):
        yield Problem("order", "is missing: an order.* event needs the order it is about; give order.id")
    if name == FEATURE_USED:
        yield from _feature(envelope)


def _no_addresses(name: str, envelope: Envelope) -> Iterator[Problem]:
    """Ids are part of keys and logs, which outlive an erasure of the customer.

    An erasure is accepted nevertheless: customers of releases that took such ids can be erased.
    """
    ids = {"event_id": envelope.event_id}
    if name != DELETED:
        ids["customer.id"] = envelope.customer.id
    if envelope.order is not None:
        ids["order.id"] = envelope.order.id
    for path, given in ids.items():
        if looks_like_an_address(given):
            yield Problem(
                path, "looks like an e-mail address, and ids stand in logs and keys; give an opaque one"
            )


def _not_ahead(path: str, instant: datetime | None, now: datetime) -> Iterator[Problem]:
    if instant is not None and instant > now + LATEST:
        yield Problem(
            path, "lies more than an hour in the future; send what has happened, in the right offset"
        )


def _money_has_currency(order: OrderPart) -> Iterator[Problem]:
    if order.currency is None and (order.total is not None or any(item.price for item in order.items)):
        yield Problem("order.currency", "is missing: an amount needs its currency beside it, such as EUR")


def _feature(envelope: Envelope) -> Iterator[Problem]:
    for name in ("product_line", "feature"):
        word = envelope.properties.get(name)
        if not isinstance(word, str) or not 0 < len(word) <= _LONGEST_WORD or not word.isprintable():
            what = f"{FEATURE_USED} needs it: a text of 1 to {_LONGEST_WORD} characters, such as "
            yield Problem(f"properties.{name}", what + ("oven" if name == "product_line" else "pizza_stone"))
