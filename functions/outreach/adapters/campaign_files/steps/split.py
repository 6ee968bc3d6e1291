"""`split`: go to one of several steps, by weighted chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StrictInt

from outreach.adapters.campaign_files.steps.form import StepForm
from outreach.adapters.campaign_files.steps.spec import Exit, StepSpec, StepWords
from outreach.adapters.campaign_files.values import Name
from outreach.adapters.campaign_files.words import going_on_words
from outreach.domain.journeys.campaign import Campaign, Condition, SplitStep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.adapters.campaign_files.model import Header
    from outreach.adapters.campaign_files.yaml_lines import Path


class SplitForm(StepForm):
    """Go to one of several steps, by weighted chance that is always the same for a customer."""

    split: Annotated[
        dict[Name, Annotated[StrictInt, Field(ge=0, le=1000)]], Field(min_length=2, max_length=10)
    ] = Field(description="Label of a later step (or end) and its weight, such as {short: 50, long: 50}.")


class SplitSpec(StepSpec[SplitForm, SplitStep]):
    """Every label with its weight is an exit; the next step is none."""

    verb = "split"
    icon = '<path d="M0 7v-4M0 3l-6-6v-3M0 3l6-6v-3"/>'
    form = SplitForm
    step = SplitStep

    def translate(self, form: SplitForm, label: str, condition: Condition) -> SplitStep:
        return SplitStep(label, condition, dict(form.split))

    def label_words(self, form: SplitForm, before: str) -> str:
        return f"split {' '.join(form.split)}"

    def words(self, step: SplitStep, campaign: Campaign) -> StepWords:
        total = sum(step.weights.values()) or 1
        shares = (f"{weight / total:.0%}: {going_on_words(label)}" for label, weight in step.weights.items())
        return StepWords("split customers by chance", tuple(shares))

    def exits(self, step: SplitStep) -> Iterator[Exit]:
        total = sum(step.weights.values())
        for label, weight in step.weights.items():
            yield Exit(label, f"{weight} of {total}", ("split", label))

    def problems(self, form: SplitForm, header: Header | None) -> Iterator[tuple[Path, str]]:
        if not any(form.split.values()):
            yield ("split",), "needs a weight above 0 somewhere"
