"""People in `sample.yaml` who have facts that no customer has: what they show is never sent."""

from collections.abc import Iterator, Mapping

from outreach.adapters.campaign_files.yaml_lines import Path, read_yaml
from outreach.adapters.templates.samples import FILE
from outreach.adapters.templates.sandbox.facts import FACTS, suggestion
from outreach_tools.checks.finding import Finding


def sample_findings(campaign: str, text: str) -> Iterator[Finding]:
    """For the text of a `sample.yaml`; invalid YAML is reported where the samples are read."""
    document = read_yaml(text)
    data = document.data
    if document.slips or not isinstance(data, Mapping):
        return
    for path, facts in _people(data):
        for slip, what in _unknown(path, facts):
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
