"""`send`: one message of the campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from outreach.adapters.campaign_files.hours import delivery_hours
from outreach.adapters.campaign_files.parts import WindowForm
from outreach.adapters.campaign_files.steps.form import StepForm
from outreach.adapters.campaign_files.steps.spec import Exit, StepSpec, StepWords
from outreach.adapters.campaign_files.values import Duration, Name
from outreach.adapters.campaign_files.words import duration_words, hours_words
from outreach.domain.journeys.campaign import Campaign, Condition, MessageClass, SendStep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.adapters.campaign_files.model import Header
    from outreach.adapters.campaign_files.yaml_lines import Path


class SendForm(StepForm):
    """Send one message of this campaign."""

    send: Name = Field(description="The message's file name without its ending.")
    window: WindowForm | None = Field(
        None, description="Hours for this message instead of the campaign's own."
    )
    valid_for: Duration | None = Field(
        None, description="If it could not go out within this time of being due, it is skipped."
    )


class SendSpec(StepSpec[SendForm, SendStep]):
    """The step's label is the name of its message."""

    verb = "send"
    icon = '<path d="M-7-5h14v10h-14z M-7-5l7 6 7-6"/>'
    form = SendForm
    step = SendStep

    def translate(self, form: SendForm, label: str, condition: Condition) -> SendStep:
        window = None if form.window is None else delivery_hours(form.window)
        return SendStep(label, form.send, condition, window, form.valid_for)

    def label_words(self, form: SendForm, before: str) -> str:
        return form.send

    def own_label(self, form: SendForm) -> str | None:
        return form.send

    def words(self, step: SendStep, campaign: Campaign) -> StepWords:
        details = [] if step.window is None else [hours_words(step.window)]
        if step.valid_for is not None:
            details.append(f"skipped if it could not go out within {duration_words(step.valid_for)}")
        return StepWords(f"send {step.message}", tuple(details))

    def exits(self, step: SendStep) -> Iterator[Exit]:
        yield Exit()

    def problems(self, form: SendForm, header: Header | None) -> Iterator[tuple[Path, str]]:
        if (
            form.window is not None
            and header is not None
            and header.message_class is MessageClass.TRANSACTIONAL
        ):
            yield ("window",), "transactional mail has no hours; leave window out"
