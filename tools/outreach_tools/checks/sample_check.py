"""People in `sample.yaml` who have facts that no customer has: what they show is never sent."""

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from outreach.adapters.campaign_files.facts.model import WRITTEN_AS
from outreach.adapters.campaign_files.yaml_lines import Path, read_yaml
from outreach.adapters.templates.samples import FILE
from outreach.adapters.templates.sandbox.facts import FACTS, suggestion
from outreach.adapters.validation.suggest import did_you_mean
from outreach.domain.journeys.declared_facts import DeclaredFact, DeclaredFacts
from outreach.domain.journeys.typed_values import Misfit, typed_values
from outreach_tools.checks.finding import Finding

_ANY_ZONE = ZoneInfo("UTC")
"""Whether a value fits its type is the same in every zone."""


def sample_findings(campaign: str, text: str, declared: DeclaredFacts) -> Iterator[Finding]:
    """For the text of a `sample.yaml`; invalid YAML is reported where the samples are read."""
    document = read_yaml(text)
    data = document.data
    if document.slips or not isinstance(data, Mapping):
        return
    event = _event_of(data.get("defaults"))
    for path, facts in _people(data):
        of_event = declared.of_event(_event_of(facts) or event)
        for slip, what in (
            *_unknown(path, facts),
            *_of_other_types(path, facts, declared.customer, of_event),
        ):
            line, column = document.place_of(slip)
            yield Finding(f"{campaign}/{FILE}", line, column, "sample", what)


def _people(data: Mapping[str, object]) -> Iterator[tuple[Path, Mapping[str, object]]]:
    defaults, people = data.get("defaults"), data.get("people")
    if isinstance(defaults, Mapping):
        yield ("defaults",), defaults
    for name, facts in people.items() if isinstance(people, Mapping) else ():
        if isinstance(facts, Mapping):
            yield ("people", name), facts


def _unknown(path: Path, facts: Mapping[str, object]) -> Iterator[tuple[Path, str]]:
    for name, inside in facts.items():
        if name not in FACTS:
            yield (*path, name), f"nothing is called {name!r}; {suggestion(name, FACTS)}"
            continue
        known = FACTS[name]
        if known is None or not isinstance(inside, Mapping):
            continue
        for attribute in inside:
            if attribute not in known:
                yield (*path, name, attribute), f"{name} has no {attribute!r}; {suggestion(attribute, known)}"


def _event_of(facts: object) -> str:
    event = facts.get("event") if isinstance(facts, Mapping) else None
    return str(event.get("name") or "") if isinstance(event, Mapping) else ""


def _of_other_types(
    path: Path,
    facts: Mapping[str, object],
    customer: Mapping[str, DeclaredFact],
    event: Mapping[str, DeclaredFact],
) -> Iterator[tuple[Path, str]]:
    """Values that do not fit what `facts.yaml` says of them, and names that it does not know."""
    for names, declared in ((("customer", "attributes"), customer), (("event", "properties"), event)):
        holder = facts.get(names[0])
        given = holder.get(names[1]) if isinstance(holder, Mapping) else None
        if not declared or not isinstance(given, Mapping):
            continue
        for name in given:
            if name not in declared:
                yield (*path, *names, name), f"facts.yaml declares no {name}; {did_you_mean(name, declared)}"
        misfits: list[Misfit] = []
        typed_values(given, declared, _ANY_ZONE, "", misfits.append)
        for misfit in misfits:
            first = misfit.path.removeprefix(".").partition(".")[0].partition("[]")[0]
            where = ".".join((*names, misfit.path.removeprefix(".")))
            expected = WRITTEN_AS.get(misfit.expected, misfit.expected)
            yield (
                (*path, *names, first),
                f"{where} does not fit facts.yaml, so it counts as missing; write {expected}",
            )
