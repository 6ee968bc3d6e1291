"""`notify`: put an event on the bus, for people or other systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from outreach.adapters.campaign_files.steps.form import StepForm
from outreach.adapters.campaign_files.steps.spec import Exit, StepSpec, StepWords
from outreach.adapters.campaign_files.values import EventName
from outreach.domain.intake.event import ADDRESS_NEWS
from outreach.domain.intake.event_names import STANDARD_NAMES
from outreach.domain.journeys.campaign import Campaign, Condition, NotifyStep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.adapters.campaign_files.model import Header
    from outreach.adapters.campaign_files.yaml_lines import Path

_NAMES_OF_SHOPS = STANDARD_NAMES | ADDRESS_NEWS
"""Events that shops send: announcing one ourselves would bring it back as theirs."""


class NotifyForm(StepForm):
    """Inform people or other systems: put an event on the bus."""

    notify: EventName = Field(
        description="Name of the event, in your own words, such as order.delayed_twice."
    )


class NotifySpec(StepSpec[NotifyForm, NotifyStep]):
    """The event's name must be its own."""

    verb = "notify"
    icon = '<path d="M-6 4h12c-2-2-2-3-2-6a4 4 0 0 0-8 0c0 3 0 4-2 6zM-2 7h4"/>'
    form = NotifyForm
    step = NotifyStep

    def translate(self, form: NotifyForm, label: str, condition: Condition) -> NotifyStep:
        return NotifyStep(label, condition, form.notify)

    def label_words(self, form: NotifyForm, before: str) -> str:
        return f"notify {form.notify}"

    def words(self, step: NotifyStep, campaign: Campaign) -> StepWords:
        return StepWords(f"announce {step.event} to people and other systems")

    def exits(self, step: NotifyStep) -> Iterator[Exit]:
        yield Exit()

    def problems(self, form: NotifyForm, header: Header | None) -> Iterator[tuple[Path, str]]:
        if form.notify in _NAMES_OF_SHOPS:
            yield ("notify",), "is a name that shops use; choose your own, such as order.delayed_twice"
        if header is not None and form.notify in {header.trigger, *header.exit_on}:
            yield ("notify",), "must not be an event that this campaign itself listens to"
