"""Rules between the steps of a campaign: labels, jumps, what can be reached, and how long it all takes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from outreach.adapters.campaign_files.steps.registry import exits_of, spec_of_form
from outreach.adapters.campaign_files.translate import step_from
from outreach.adapters.validation.suggest import did_you_mean
from outreach.domain.journeys.campaign import END

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from outreach.adapters.campaign_files.header_rules import Broken
    from outreach.adapters.campaign_files.model import Header
    from outreach.adapters.campaign_files.steps.form import StepForm
    from outreach.adapters.campaign_files.yaml_lines import Path

LONGEST_ROAD = timedelta(days=350)
"""An execution lives a year at most (AWS quota); the rest is room for closed hours and caps."""

type Placed = tuple[int, str, StepForm]
"""Where in the file's list a step stands, its label, and the step."""


def broken_step_rules(
    steps: Sequence[Placed], known_labels: frozenset[str], header: Header | None
) -> Iterator[Broken]:
    """What is wrong between valid steps. `known_labels` also holds the labels of invalid steps."""
    places: dict[str, int] = {}
    for place, label, form in steps:
        yield from _label(place, label, form, places)
        places.setdefault(label, place)
    for place, label, form in steps:
        for way in exits_of(step_from(label, form)):
            if way.target is not None and way.path:
                yield from _jump(("steps", place, *way.path), way.target, places, known_labels)
        for path, what in spec_of_form(form).problems(form, header):
            yield ("steps", place, *path), what


def broken_roads(steps: Sequence[Placed]) -> Iterator[Broken]:
    """Steps that nothing leads to, and paths that take too long. Needs steps with valid jumps."""
    place_of = {label: index for index, (_, label, _) in enumerate(steps)}
    arrival: dict[int, timedelta] = {0: timedelta(0)}
    for index, (place, label, form) in enumerate(steps):
        if index not in arrival:
            yield ("steps", place), "can never be reached; give it a label and lead there, or leave it out"
            continue
        ways = list(exits_of(step_from(label, form)))
        leaving = arrival[index] + max(way.longest or timedelta(0) for way in ways)
        if leaving > LONGEST_ROAD >= arrival[index]:
            yield (
                ("steps", place),
                f"the waits up to here add up to more than {LONGEST_ROAD.days} days, the most a run may take",
            )
        for way in ways:
            after = index + 1 if way.target is None else place_of.get(way.target, len(steps))
            arrival[after] = max(arrival.get(after, leaving), leaving)


def _label(place: int, label: str, form: StepForm, places: dict[str, int]) -> Iterator[Broken]:
    path: Path = ("steps", place, "label" if form.label else "send")
    if label == END:
        yield path, "`end` is the name of what comes after the last step; choose another"
    elif label in places:
        first = f"step {places[label] + 1} already has the label `{label}`"
        remedy = "choose another" if form.label else "give this step a `label:` of its own"
        yield path, f"{first}; {remedy}"


def _jump(path: Path, target: str, places: dict[str, int], known: frozenset[str]) -> Iterator[Broken]:
    place = path[1]
    if target == END or (target in known and target not in places):
        return
    if target not in places:
        yield path, f"no step has the label `{target}`; {did_you_mean(target, {*places, END})}"
    elif isinstance(place, int) and places[target] <= place:
        yield path, f"`{target}` is not below this step; jumps lead forward only, so that every run ends"
