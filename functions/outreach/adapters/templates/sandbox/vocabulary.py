"""The names that the templates of one campaign may use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from outreach.adapters.templates.sandbox.facts import WORDS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What differs between campaigns; the facts are the same for all."""

    brand: frozenset[str] | None
    values: frozenset[str] | None
    more: frozenset[str] = field(default=frozenset())
    """Names that stand for anything."""

    def known(self) -> Mapping[str, Collection[str] | None]:
        """Every name with its attributes; None where any attribute is accepted."""
        return {**WORDS, "brand": self.brand, "values": self.values, **dict.fromkeys(self.more)}
