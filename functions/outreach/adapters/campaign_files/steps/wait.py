"""`wait`: let time pass."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import Field

from outreach.adapters.campaign_files.parts import WaitForm
from outreach.adapters.campaign_files.steps.form import StepForm
from outreach.adapters.campaign_files.steps.spec import Exit, StepSpec, StepWords
from outreach.adapters.campaign_files.words import duration_words
from outreach.domain.durations import format_duration
from outreach.domain.journeys.campaign import Campaign, Condition, WaitStep

if TYPE_CHECKING:
    from collections.abc import Iterator


class PauseForm(StepForm):
    """Let time pass."""

    wait: WaitForm = Field(description="A duration such as 3d, or {until: expression} for a date or time.")


class WaitSpec(StepSpec[PauseForm, WaitStep]):
    """A duration, or until an instant that an expression gives."""

    verb = "wait"
    icon = '<circle r="7"/><path d="M0-4v4l3 2"/>'
    form = PauseForm
    step = WaitStep

    def translate(self, form: PauseForm, label: str, condition: Condition) -> WaitStep:
        if isinstance(form.wait, timedelta):
            return WaitStep(label, condition, duration=form.wait)
        return WaitStep(label, condition, until=form.wait.until)

    def label_words(self, form: PauseForm, before: str) -> str:
        if isinstance(form.wait, timedelta):
            return f"wait {format_duration(form.wait)}"
        return f"wait until {form.wait.until}"

    def words(self, step: WaitStep, campaign: Campaign) -> StepWords:
        if step.duration is not None:
            return StepWords(f"wait {duration_words(step.duration)}")
        return StepWords(
            f"wait until {step.until}", ("without a usable date the run ends there, as no_moment",)
        )

    def exits(self, step: WaitStep) -> Iterator[Exit]:
        if step.duration is None:
            yield Exit(longest=None)
        else:
            yield Exit(shortest=step.duration, longest=step.duration)
