"""The contract between the engine and the content: which facts a template or an expression may name."""

from __future__ import annotations

import re
from dataclasses import fields
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from outreach.domain.intake.order import OrderItem
from outreach.domain.journeys.facts import (
    CampaignFacts,
    CustomerFacts,
    EventFacts,
    Links,
    OrderFacts,
    ProductFacts,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

OPEN = None
"""Stands for facts whose names are the shop's or the marketer's own."""


def _fields(kind: type[Any]) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind))


FACTS: dict[str, frozenset[str] | None] = {
    "customer": _fields(CustomerFacts),
    "order": _fields(OrderFacts),
    "product": _fields(ProductFacts),
    "event": _fields(EventFacts),
    "campaign": _fields(CampaignFacts),
    "message": frozenset({"name"}),
    "links": _fields(Links),
    "now": OPEN,
    "brand": OPEN,
    "values": OPEN,
}
"""Each fact with its attributes, straight from the domain, so that the two cannot diverge."""

FACT_KINDS = frozenset({CustomerFacts, OrderFacts, ProductFacts, EventFacts, CampaignFacts, Links, OrderItem})
"""The classes whose objects are facts: data without methods."""

WORDS: dict[str, frozenset[str] | None] = {**FACTS, "subject": OPEN, "preheader": OPEN}
"""What the body of a message may name: its own subject and preheader too."""


MOST_NAMED = 20
"""The most names that an error lists; the guide has all of them."""


def suggestion(name: str, known: Iterable[str]) -> str:
    """What the author of `name` most likely meant, or all names to choose from."""
    names = sorted(known)
    close = get_close_matches(name, names, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    if not names:
        return "there is nothing to choose from"
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"there is: {', '.join(names[:MOST_NAMED])}{more}"


def fact_suggestion(name: str, known: Mapping[str, Collection[str] | None]) -> str:
    """The same for a name that stands alone: `firstName` most likely is `customer.first_name`."""
    inside = {each: f"{fact}.{each}" for fact, names in reversed(list(known.items())) for each in names or ()}
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    if not get_close_matches(name, known, n=1) and (
        close := get_close_matches(words, inside, n=1, cutoff=0.8)
    ):
        return f"did you mean {inside[close[0]]!r}?"
    return suggestion(name, known)
