"""The contract between the engine and the words: which facts a template or an expression may name."""

from collections.abc import Iterable
from difflib import get_close_matches

OPEN = None
"""Stands for facts whose names are the shop's or the marketer's own."""

FACTS: dict[str, frozenset[str] | None] = {
    "customer": frozenset({
        "id", "first_name", "last_name", "email", "locale", "country", "time_zone",
        "attributes", "orders", "total_spent", "last_order_at", "consent",
    }),
    "order": frozenset({
        "id", "status", "placed_at", "promised_at", "first_promised_at", "total", "currency",
        "delay_reason", "url", "items", "delays",
    }),
    "product": frozenset({"line", "name", "features_used"}),
    "event": frozenset({"name", "occurred_at", "properties"}),
    "campaign": frozenset({"name", "title"}),
    "message": frozenset({"name"}),
    "now": OPEN,
    "links": frozenset({"unsubscribe", "preferences", "survey"}),
    "brand": OPEN,
    "values": OPEN,
}  # fmt: skip

WORDS: dict[str, frozenset[str] | None] = {**FACTS, "subject": OPEN, "preheader": OPEN}
"""What the body of a message may name: its own subject and preheader too."""


def suggestion(name: str, known: Iterable[str]) -> str:
    """What somebody who wrote `name` most likely meant, or all there is to choose from."""
    names = sorted(known)
    close = get_close_matches(name, names, n=1)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"there is: {', '.join(names[:20])}" if names else "there is nothing to choose from"
