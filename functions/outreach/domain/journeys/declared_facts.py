"""What `templates/facts.yaml` declares: the types of customers' attributes and of events' properties."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from outreach.domain.intake.customer import Json


type FactPath = tuple[str, ...]
"""Where a fact is declared, such as `("events", "checkout.started", "items", "list_of", "price")`."""


class FactType(StrEnum):
    """What kind of value a fact has."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    """A day where the customer lives."""
    MOMENT = "moment"
    """An instant."""
    YES_NO = "yes_no"
    URL = "url"
    LIST_OF = "list_of"


@dataclass(frozen=True, slots=True)
class DeclaredFact:
    """One fact: its type, and whether every customer (or event) has it."""

    type: FactType
    required: bool = False
    default: Json = None
    """Holds where the fact is missing."""
    one_of: tuple[str | float, ...] = ()
    """The only values it may have; empty when any will do."""
    entry: DeclaredFact | None = None
    """Of a list of plain values: what each entry is."""
    fields: Mapping[str, DeclaredFact] = field(default_factory=dict)
    """Of a list of objects: what each entry holds."""

    @property
    def is_always_known(self) -> bool:
        """Whether messages may use it without asking for it."""
        return self.required or self.default is not None


@dataclass(frozen=True, slots=True)
class DeclaredFacts:
    """The whole file; empty where there is none."""

    customer: Mapping[str, DeclaredFact] = field(default_factory=dict)
    """By the name of the attribute."""
    events: Mapping[str, Mapping[str, DeclaredFact]] = field(default_factory=dict)
    """By the event's name, then by the name of the property."""

    def of_event(self, name: str) -> Mapping[str, DeclaredFact]:
        """The properties of an event; empty when nothing is declared of it."""
        return self.events.get(name, {})

    def over(self, older: DeclaredFacts) -> DeclaredFacts:
        """Both, this one first: a type never changes, so they differ only in what one of them lacks."""
        if older == self:
            return self
        events = {
            name: {**older.of_event(name), **self.of_event(name)} for name in (*older.events, *self.events)
        }
        return DeclaredFacts({**older.customer, **self.customer}, events)

    def types(self) -> dict[FactPath, FactType]:
        """The type of every fact, by where it stands in the file."""
        groups: dict[FactPath, Mapping[str, DeclaredFact]] = {("customer",): self.customer}
        groups |= {("events", name): of for name, of in self.events.items()}
        return {
            path: kind
            for group, facts in groups.items()
            for name, fact in facts.items()
            for path, kind in _types((*group, name), fact)
        }


def _types(path: FactPath, fact: DeclaredFact) -> Iterator[tuple[FactPath, FactType]]:
    yield path, fact.type
    inside = (*path, FactType.LIST_OF.value)
    if fact.entry is not None:
        yield inside, fact.entry.type
    for name, each in fact.fields.items():
        yield from _types((*inside, name), each)
