"""Which type each of some values has, and the file that declares them. No value is ever printed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from outreach.domain.intake.customer import Json
from outreach.domain.journeys.declared_facts import DeclaredFact, DeclaredFacts, FactType
from outreach.domain.journeys.typed_values import fits

ENOUGH = 20
"""Events of one name, all with a property, after which it is proposed as required."""
_UTC = ZoneInfo("UTC")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_AMOUNT = re.compile(r"-?[0-9]+\.[0-9]{2}")
_MONEY_NAME = re.compile(
    r"(?:^|_)(?:amount|price|total|subtotal|cost|fee|tax|discount|balance|credit)(?:$|_)"
)
_ORDER = (FactType.DATE, FactType.MOMENT, FactType.URL)
"""Types that a text is tried for, the narrowest first."""


@dataclass(slots=True)
class Seen:
    """What was seen of customers' attributes and of events' properties."""

    customers: list[Mapping[str, Json]] = field(default_factory=list)
    events: dict[str, list[Mapping[str, Json]]] = field(default_factory=dict)

    def event(self, name: str, properties: Mapping[str, Json]) -> None:
        self.events.setdefault(name, []).append(properties)


def proposal(seen: Seen, declared: DeclaredFacts) -> str:
    """The text of a `facts.yaml` with what is not declared yet; empty when there is nothing to declare."""
    customer = list(_lines(seen.customers, declared.customer, "  ", may_be_required=False))
    lines = ["customer:", *customer] if customer else []
    events: list[str] = []
    for name, properties in sorted(seen.events.items()):
        found = list(_lines(properties, declared.of_event(name), "    ", may_be_required=True))
        events += [f"  {name}:", *found] if found else []
    lines += ["events:", *events] if events else []
    return "".join(f"{line}\n" for line in lines)


def _lines(
    group: Sequence[Mapping[str, Json]],
    declared: Mapping[str, DeclaredFact],
    indent: str,
    *,
    may_be_required: bool,
) -> Iterator[str]:
    names = sorted({name for each in group for name in each})
    usable = [name for name in names if _NAME.fullmatch(name)]
    for name in usable:
        values = [each[name] for each in group if each.get(name) is not None]
        if name in declared or not values:
            continue
        is_required = may_be_required and len(values) == len(group) >= ENOUGH
        form, count = _form(name, values), f"in {len(values)} of {len(group)}"
        if form is None:
            yield f"{indent}# {name}: no type fits all of its values ({count})"
        else:
            yield f"{indent}{name}: {_with_required(form) if is_required else form}  # {count}"
    if len(usable) < len(names):
        yield f"{indent}# left out: {len(names) - len(usable)} names with more than letters, digits, _ and -"


def _with_required(form: str) -> str:
    return f"{form[:-1]}, required: true}}" if form.startswith("{") else f"{{type: {form}, required: true}}"


def _form(name: str, values: Sequence[Json]) -> str | None:
    """The type as the file writes it; None when no type fits all values."""
    if all(isinstance(value, list) for value in values):
        return _list_form(name, [entry for value in values if isinstance(value, list) for entry in value])
    return _plain_type(name, values)


def _list_form(name: str, entries: Sequence[Json]) -> str | None:
    objects = [entry for entry in entries if isinstance(entry, dict)]
    if not objects or len(objects) < len(entries):
        plain = _plain_type(name, entries) if entries else None
        return None if plain is None else f"{{list_of: {plain}}}"
    fields = {}
    for inside in sorted({key for entry in objects for key in entry if _NAME.fullmatch(key)}):
        form = _form(inside, [entry[inside] for entry in objects if entry.get(inside) is not None])
        if form is not None:
            fields[inside] = form
    listed = ", ".join(f"{inside}: {form}" for inside, form in fields.items())
    return f"{{list_of: {{{listed}}}}}" if fields else None


def _plain_type(name: str, values: Sequence[Json]) -> str | None:
    if not values or any(isinstance(value, list | dict) for value in values):
        return None
    if all(isinstance(value, bool) for value in values):
        return FactType.YES_NO
    if _is_all(FactType.MONEY, values) and (
        _MONEY_NAME.search(name) or all(isinstance(each, str) and _AMOUNT.fullmatch(each) for each in values)
    ):
        return FactType.MONEY
    if any(not isinstance(value, str) for value in values):
        return FactType.NUMBER if _is_all(FactType.NUMBER, values) else None
    return next((each for each in _ORDER if _is_all(each, values)), FactType.TEXT)


def _is_all(kind: FactType, values: Sequence[Json]) -> bool:
    fact = DeclaredFact(kind)
    return all(fits(value, fact, _UTC) for value in values)
