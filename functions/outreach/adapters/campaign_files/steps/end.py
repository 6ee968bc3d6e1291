"""`end`: finish here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from outreach.adapters.campaign_files.steps.form import StepForm
from outreach.adapters.campaign_files.steps.spec import Exit, StepSpec, StepWords
from outreach.domain.journeys.campaign import END, Campaign, Condition, EndStep

if TYPE_CHECKING:
    from collections.abc import Iterator


class EndForm(StepForm):
    """Finish here."""

    end: None = Field(description="Takes no value.")


class EndSpec(StepSpec[EndForm, EndStep]):
    """May be written as the bare word `- end`."""

    verb = END
    icon = '<path d="M-4 8v-15h9l-2 4 2 4h-9"/>'
    form = EndForm
    step = EndStep

    def translate(self, form: EndForm, label: str, condition: Condition) -> EndStep:
        return EndStep(label, condition)

    def label_words(self, form: EndForm, before: str) -> str:
        return f"end after {before}"

    def words(self, step: EndStep, campaign: Campaign) -> StepWords:
        return StepWords("end here")

    def exits(self, step: EndStep) -> Iterator[Exit]:
        yield Exit(END)
