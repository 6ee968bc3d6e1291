"""`wait_for`: wait for an event, but with an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ConfigDict, Field

from outreach.adapters.campaign_files.steps.form import StepForm
from outreach.adapters.campaign_files.steps.spec import AT_ONCE, Exit, StepSpec, StepWords
from outreach.adapters.campaign_files.values import Duration, EventName, Expression, Name
from outreach.adapters.campaign_files.words import duration_words, going_on_words
from outreach.domain.journeys.campaign import Campaign, Condition, WaitForStep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.adapters.campaign_files.model import Header
    from outreach.adapters.campaign_files.yaml_lines import Path


class WaitForForm(StepForm):
    """Wait for an event of this customer (or of this order), but with an end."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["up_to"]}, {"required": ["until"]}]})

    wait_for: EventName = Field(
        description="The event; one since enrolling that no earlier wait used counts too."
    )
    up_to: Duration | None = Field(None, description="How long to wait at most.")
    until: Expression | None = Field(
        None, description="Expression that gives the time at which waiting ends."
    )
    on_timeout: Name | None = Field(
        None, description="Label of a later step (or end) to go on at when the event did not come."
    )


class WaitForSpec(StepSpec[WaitForForm, WaitForStep]):
    """The event may come at once; the timeout comes after `up_to`, or sooner with `until`."""

    verb = "wait_for"
    icon = '<path d="M-5-7h10M-5 7h10M-4-7c0 5 8 9 8 14M4-7c0 5-8 9-8 14"/>'
    form = WaitForForm
    step = WaitForStep

    def translate(self, form: WaitForForm, label: str, condition: Condition) -> WaitForStep:
        return WaitForStep(label, condition, form.wait_for, form.up_to, form.until, form.on_timeout)

    def label_words(self, form: WaitForForm, before: str) -> str:
        return f"wait for {form.wait_for}"

    def words(self, step: WaitForStep, campaign: Campaign) -> StepWords:
        does, details = f"wait for {step.event}", ()
        if step.up_to is not None:
            does += f", {duration_words(step.up_to)} at most"
        if step.until is not None:
            does += f", not beyond {step.until}"
        if step.on_timeout is None:
            return StepWords(does, details)
        happens, times_out = going_on_words(campaign.after(step.label)), going_on_words(step.on_timeout)
        return StepWords(does, (f"if it happens: {happens}", f"if it does not: {times_out}"))

    def exits(self, step: WaitForStep) -> Iterator[Exit]:
        yield Exit(longest=step.up_to)
        if step.on_timeout is not None:
            shortest = step.up_to if step.until is None else None
            yield Exit(
                step.on_timeout, "if it does not happen", ("on_timeout",), shortest or AT_ONCE, step.up_to
            )

    def problems(self, form: WaitForForm, header: Header | None) -> Iterator[tuple[Path, str]]:
        if form.up_to is None and form.until is None:
            yield (), "`wait_for` needs `up_to: 3d` or `until: ...`, so that it ends"
        if header is not None and form.wait_for in header.exit_on:
            yield (
                ("wait_for",),
                "is in `exit_on`: the run ends before the wait can see it; drop it from one",
            )
