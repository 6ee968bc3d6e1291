"""The sample people of a campaign, for previews, checks and tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from outreach.adapters.templates.yaml_file import read_mapping
from outreach.domain.journeys.amount import amount_of
from outreach.domain.journeys.typed_values import Report, ignore, typed_values
from outreach.domain.sending.rendering import TemplateError

if TYPE_CHECKING:
    from outreach.adapters.templates.source_files import SourceFiles
    from outreach.domain.journeys.declared_facts import DeclaredFact, DeclaredFacts

FILE = "sample.yaml"


def read_samples(
    files: SourceFiles, campaign: str, declared: DeclaredFacts
) -> Mapping[str, Mapping[str, Any]]:
    """The facts of each person in `sample.yaml`: the file's `defaults`, changed by the person's own facts.

    They are of the types that customers' facts have: declared ones, and amounts of money.
    Raises TemplateError when the file is missing or has another form.
    """
    path = f"{campaign}/{FILE}"
    content = read_mapping(files, path)
    people, defaults = content.get("people"), content.get("defaults") or {}
    if not isinstance(people, Mapping) or not isinstance(defaults, Mapping):
        right = "write `defaults:` with facts, and `people:` with names and the facts that differ"
        raise TemplateError(right, file=path, line=1, column=1)
    return {name: typed_sample(_changed(defaults, own or {}), declared) for name, own in people.items()}


def typed_sample(
    facts: Mapping[str, Any], declared: DeclaredFacts, report: Report = ignore
) -> Mapping[str, Any]:
    """A sample's facts as those of a customer are; `report` is called with what does not fit its type."""
    customer, order, event = (facts.get(name) for name in ("customer", "order", "event"))
    zone, typed = _zone(customer), dict(facts)
    if isinstance(customer, Mapping):
        typed["customer"] = {
            **_with_amount(customer, "total_spent"),
            **_typed(customer, "attributes", declared.customer, zone, "customer.attributes", report),
        }
    if isinstance(event, Mapping):
        properties = declared.of_event(str(event.get("name")))
        typed["event"] = {
            **event,
            **_typed(event, "properties", properties, zone, "event.properties", report),
        }
    if isinstance(order, Mapping):
        typed["order"] = _with_amount(order, "total")
        if isinstance(items := order.get("items"), list):
            typed["order"]["items"] = [
                _with_amount(each, "price") if isinstance(each, Mapping) else each for each in items
            ]
    return typed


def _typed(
    whole: Mapping[str, Any],
    name: str,
    declared: Mapping[str, DeclaredFact],
    zone: ZoneInfo,
    path: str,
    report: Report,
) -> Mapping[str, Any]:
    given = whole.get(name)
    if not isinstance(given, Mapping):
        return {}
    return {name: typed_values(given, declared, zone, path, report)}


def _with_amount(facts: Mapping[str, Any], name: str) -> dict[str, Any]:
    amount = amount_of(facts.get(name))
    return dict(facts) if amount is None else {**facts, name: amount}


def _zone(customer: object) -> ZoneInfo:
    name = customer.get("time_zone") if isinstance(customer, Mapping) else None
    try:
        return ZoneInfo(str(name or "UTC"))
    except (KeyError, ValueError, OSError):  # ZoneInfo's errors for "no such zone"
        return ZoneInfo("UTC")


def _changed(defaults: Mapping[str, Any], own: Mapping[str, Any]) -> Mapping[str, Any]:
    """`defaults` with `own` laid over it, mapping by mapping."""
    changed = dict(defaults)
    for name, value in own.items():
        default = changed.get(name)
        if isinstance(default, Mapping) and isinstance(value, Mapping):
            changed[name] = _changed(default, value)
        else:
            changed[name] = value
    return changed
