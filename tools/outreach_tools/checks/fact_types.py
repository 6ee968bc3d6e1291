"""The type of each fact, as far as it is known: of those that every campaign has, and of declared ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import get_args, get_type_hints

from outreach.domain.journeys.amount import Amount
from outreach.domain.journeys.declared_facts import DeclaredFact, DeclaredFacts, FactType
from outreach_tools.checks.optional_facts import KINDS, OPEN, Path

ENTRY = "[]"
"""In a path: an entry of the list before it."""
_TYPES: Mapping[object, FactType] = {
    str: FactType.TEXT,
    int: FactType.NUMBER,
    datetime: FactType.MOMENT,
    Amount: FactType.MONEY,
}
_PRICE: Path = ("order", "items", ENTRY, "price")


def _built_in() -> Mapping[Path, DeclaredFact]:
    found: dict[Path, DeclaredFact] = {("now",): DeclaredFact(FactType.MOMENT)}
    for name, kind in KINDS.items():
        head = ("order", "items", ENTRY) if name == "item of an order" else (name,)
        for attribute, hint in get_type_hints(kind).items():
            types = [_TYPES[each] for each in (hint, *get_args(hint)) if each in _TYPES]
            if types:
                found[*head, attribute] = DeclaredFact(types[0])
    return {**found, _PRICE: DeclaredFact(FactType.MONEY)}


BUILT_IN = _built_in()


@dataclass(frozen=True, slots=True)
class FactTypes:
    """The types of the facts of one campaign."""

    declared: DeclaredFacts = field(default_factory=DeclaredFacts)
    trigger: str = ""
    """The event that `event` is."""

    def names_at(self, path: Path) -> Mapping[str, DeclaredFact]:
        """What is declared inside a path; empty where nothing is, so that any name will do."""
        if path == ("customer", "attributes"):
            return self.declared.customer
        if path == ("event", "properties"):
            return self.declared.of_event(self.trigger)
        if path[-1:] == (ENTRY,):
            fact = self.declared_at(path[:-1])
            return {} if fact is None else fact.fields
        return {}

    def declared_at(self, path: Path) -> DeclaredFact | None:
        """What `facts.yaml` says of a fact."""
        if path[-1:] == (ENTRY,):
            fact = self.declared_at(path[:-1])
            return None if fact is None else fact.entry
        return self.names_at(path[:-1]).get(path[-1]) if path else None

    def fact(self, path: Path) -> DeclaredFact | None:
        """What is known of a fact's type; None when nothing is."""
        return self.declared_at(path) or BUILT_IN.get(path)

    def is_undeclared(self, path: Path) -> bool:
        """Whether it stands where names are declared, and is not among them."""
        names = self.names_at(path[:-1]) if path else {}
        return bool(names) and path[-1] not in names

    def is_open(self, path: Path) -> bool:
        """Whether names of the shop's own stand there."""
        return path[:2] in OPEN
