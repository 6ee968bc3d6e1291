"""Rules between the steps of a campaign: labels, jumps, what can be reached, and how long it all takes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from outreach.adapters.campaign_files.step_forms import (
    AnyStepForm,
    BranchForm,
    EndForm,
    NotifyForm,
    PauseForm,
    SendForm,
    SplitForm,
    WaitForForm,
)
from outreach.adapters.validation.suggest import did_you_mean
from outreach.domain.intake.event import ADDRESS_NEWS
from outreach.domain.journeys.campaign import END, MessageClass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from outreach.adapters.campaign_files.header_rules import Broken
    from outreach.adapters.campaign_files.model import Header
    from outreach.adapters.campaign_files.yaml_lines import Path

LONGEST_ROAD = timedelta(days=350)
"""An execution lives a year at most (AWS quota); the rest is room for closed hours and caps."""
_TAKEN_IN = ADDRESS_NEWS | {
    "customer.signed_up", "customer.updated", "customer.activated", "customer.deleted",
    "product.feature_used",
    "order.placed", "order.delayed", "order.shipped", "order.delivered", "order.cancelled",
}  # fmt: skip
"""What shops tell us: to say it ourselves would feed our own word back to us as theirs."""

type Placed = tuple[int, str, AnyStepForm]
"""Where in the file's list a step stands, its label, and the step."""


def broken_step_rules(
    steps: Sequence[Placed], known_labels: frozenset[str], header: Header | None
) -> Iterator[Broken]:
    """What is wrong between sound steps. `known_labels` also holds the labels of steps that are not sound."""
    places: dict[str, int] = {}
    for place, label, form in steps:
        yield from _label(place, label, form, places)
        places.setdefault(label, place)
    for place, _, form in steps:
        for path, target in _jumps(form):
            yield from _jump((("steps", place, *path)), target, places, known_labels)
        if isinstance(form, WaitForForm) and form.up_to is None and form.until is None:
            yield ("steps", place), "`wait_for` needs `up_to: 3d` or `until: ...`, so that it ends"
        if isinstance(form, BranchForm):
            yield from _branch(place, form)
        if isinstance(form, SplitForm) and not any(form.split.values()):
            yield ("steps", place, "split"), "needs a weight above 0 somewhere"
        if isinstance(form, NotifyForm) and form.notify in _TAKEN_IN:
            yield (
                ("steps", place, "notify"),
                "is a name that shops use; choose your own, such as order.delayed_twice",
            )
        if header is not None:
            yield from _with_header(place, form, header)


def broken_roads(steps: Sequence[Placed]) -> Iterator[Broken]:
    """Steps that nothing leads to, and roads that take too long. Asks for steps whose jumps are sound."""
    place_of = {label: index for index, (_, label, _) in enumerate(steps)}
    arrival: dict[int, timedelta] = {0: timedelta(0)}
    for index, (place, _, form) in enumerate(steps):
        if index not in arrival:
            yield ("steps", place), "can never be reached; give it a label and lead there, or leave it out"
            continue
        leaving = arrival[index] + _length(form)
        if leaving > LONGEST_ROAD >= arrival[index]:
            yield (
                ("steps", place),
                f"the waits up to here add up to more than {LONGEST_ROAD.days} days, the most a run may take",
            )
        for target in _ways_out(form):
            after = index + 1 if target is None else place_of.get(target, len(steps))
            arrival[after] = max(arrival.get(after, leaving), leaving)


def _label(place: int, label: str, form: AnyStepForm, places: dict[str, int]) -> Iterator[Broken]:
    path: Path = ("steps", place, "label" if form.label else "send")
    if label == END:
        yield path, "`end` is the name of what comes after the last step; choose another"
    elif label in places:
        first = f"step {places[label] + 1} already has the label `{label}`"
        remedy = "choose another" if form.label else "give this step a `label:` of its own"
        yield path, f"{first}; {remedy}"


def _jumps(form: AnyStepForm) -> Iterator[tuple[Path, str]]:
    match form:
        case WaitForForm(on_timeout=str(target)):
            yield ("on_timeout",), target
        case BranchForm():
            for index, arm in enumerate(form.branch):
                yield ("branch", index, "goto"), arm.goto
        case SplitForm():
            for target in form.split:
                yield ("split", target), target
        case _:
            return


def _jump(path: Path, target: str, places: dict[str, int], known: frozenset[str]) -> Iterator[Broken]:
    place = path[1]
    if target == END or (target in known and target not in places):
        return
    if target not in places:
        yield path, f"no step has the label `{target}`; {did_you_mean(target, {*places, END})}"
    elif isinstance(place, int) and places[target] <= place:
        yield path, f"`{target}` is not below this step; jumps lead forward only, so that every run ends"


def _branch(place: int, form: BranchForm) -> Iterator[Broken]:
    for index, arm in enumerate(form.branch[:-1]):
        if arm.when is None:
            yield (
                ("steps", place, "branch", index),
                "only the last way may be without `if`: the ways below are never taken",
            )


def _with_header(place: int, form: AnyStepForm, header: Header) -> Iterator[Broken]:
    if (
        isinstance(form, SendForm)
        and form.window is not None
        and header.message_class is MessageClass.TRANSACTIONAL
    ):
        yield ("steps", place, "window"), "transactional mail has no hours; leave window out"
    if isinstance(form, WaitForForm) and form.wait_for in header.exit_on:
        yield (
            ("steps", place, "wait_for"),
            "is in `exit_on`: the run ends before the wait can see it; drop it from one",
        )
    if isinstance(form, NotifyForm) and form.notify in {header.trigger, *header.exit_on}:
        yield ("steps", place, "notify"), "must not be an event that this campaign itself listens to"


def _length(form: AnyStepForm) -> timedelta:
    match form:
        case PauseForm(wait=timedelta() as duration):
            return duration
        case WaitForForm(up_to=timedelta() as duration):
            return duration
        case _:
            return timedelta(0)


def _ways_out(form: AnyStepForm) -> Iterator[str | None]:
    """Labels a run may go on at; None is the next step."""
    conditional = form.when is not None or form.unless is not None
    yield from (target for _, target in _jumps(form))
    match form:
        case EndForm() | SplitForm():
            goes_on = conditional
        case BranchForm():
            goes_on = conditional or form.branch[-1].when is not None
        case _:
            goes_on = True
    if goes_on:
        yield None
