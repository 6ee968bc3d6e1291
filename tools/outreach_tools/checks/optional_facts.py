"""Which facts every customer has, and which only some, by the domain's own types."""

from collections.abc import Mapping
from types import NoneType
from typing import Any, get_args, get_type_hints

from outreach.domain.intake.order import OrderItem
from outreach.domain.journeys.campaign import Key
from outreach.domain.journeys.facts import (
    CampaignFacts,
    CustomerFacts,
    EventFacts,
    Links,
    OrderFacts,
    ProductFacts,
)

type Path = tuple[str, ...]
"""A fact as it is written, such as `("customer", "first_name")`."""

KINDS: Mapping[str, type[Any]] = {
    "customer": CustomerFacts,
    "order": OrderFacts,
    "product": ProductFacts,
    "event": EventFacts,
    "campaign": CampaignFacts,
    "links": Links,
    "item of an order": OrderItem,
}
OPEN = frozenset({("customer", "attributes"), ("event", "properties")})
"""Mappings whose names are the shop's own: any of them may be missing."""
WITH_ORDER = frozenset({Key.ORDER, Key.PRODUCT_LINE})


def _optional_fields(kind: type[Any]) -> frozenset[str]:
    hints = get_type_hints(kind)
    return frozenset(name for name, hint in hints.items() if NoneType in get_args(hint))


OPTIONAL: Mapping[str, frozenset[str]] = {name: _optional_fields(kind) for name, kind in KINDS.items()}


def may_be_missing(path: Path, kinds: Mapping[str, str], campaign_key: str) -> bool:
    """Whether the fact may be missing. `kinds` has the types of loop variables."""
    head = kinds.get(path[0], path[0])
    if len(path) == 1:
        return (head == "order" and campaign_key not in WITH_ORDER) or (
            head == "product" and campaign_key != Key.PRODUCT_LINE
        )
    if path[:2] in OPEN:
        return len(path) > len(path[:2])
    return path[1] in OPTIONAL.get(head, frozenset())
