"""The steps of a campaign file as typed models, one for each verb."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Discriminator, Field, StrictInt, Tag

from outreach.adapters.campaign_files.parts import Part, WaitForm, WindowForm
from outreach.adapters.campaign_files.values import Duration, EventName, Expression, Name
from outreach.adapters.validation.model_problems import tag


class _Step(Part):
    label: Name | None = Field(
        None,
        description="The step's name for ever; give one to steps that others jump to or that may change.",
    )
    when: Expression | None = Field(None, alias="if", description="The step is skipped unless this is true.")
    unless: Expression | None = Field(None, description="The step is skipped when this is true.")


class SendForm(_Step):
    """Send one message of this campaign."""

    send: Name = Field(description="The message's file name without its ending.")
    window: WindowForm | None = Field(
        None, description="Hours for this message instead of the campaign's own."
    )
    valid_for: Duration | None = Field(
        None, description="If it could not go out within this time of being due, it is skipped."
    )


class PauseForm(_Step):
    """Let time pass."""

    wait: WaitForm = Field(description="A duration such as 3d, or {until: expression} for a moment.")


class WaitForForm(_Step):
    """Wait for an event of this customer (or of this order), but not for ever."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["up_to"]}, {"required": ["until"]}]})

    wait_for: EventName = Field(
        description="The event; one since enrolling that no earlier wait used counts too."
    )
    up_to: Duration | None = Field(None, description="How long to wait at most.")
    until: Expression | None = Field(
        None, description="Expression that gives the moment at which waiting ends."
    )
    on_timeout: Name | None = Field(
        None, description="Label of a later step (or end) to go on at when the event did not come."
    )


class ArmForm(Part):
    """One way out of a branch."""

    when: Expression | None = Field(
        None, alias="if", description="Taken when true; leave out for the last way."
    )
    goto: Name = Field(description="Label of a later step, or end.")


class BranchForm(_Step):
    """Go on at the first way whose expression is true, else with the next step."""

    branch: Annotated[list[ArmForm], Field(min_length=1, max_length=20)] = Field(
        description="The ways, tried from the top."
    )


class SplitForm(_Step):
    """Go on at one of several steps, by weighted chance that is always the same for a customer."""

    split: Annotated[
        dict[Name, Annotated[StrictInt, Field(ge=0, le=1000)]], Field(min_length=2, max_length=10)
    ] = Field(description="Label of a later step (or end) and its weight, such as {short: 50, long: 50}.")


class NotifyForm(_Step):
    """Tell humans or other systems: put an event on the bus."""

    notify: EventName = Field(
        description="Name of the event, in your own words, such as order.delayed_twice."
    )


class EndForm(_Step):
    """Finish here."""

    end: None = Field(description="Takes no value.")


type AnyStepForm = SendForm | PauseForm | WaitForForm | BranchForm | SplitForm | NotifyForm | EndForm

STEP_FORMS: dict[str, type[AnyStepForm]] = {
    "send": SendForm,
    "wait": PauseForm,
    "wait_for": WaitForForm,
    "branch": BranchForm,
    "split": SplitForm,
    "notify": NotifyForm,
    "end": EndForm,
}
"""The verbs, and the model of each."""


def _verb(given: object) -> str | None:
    if given == "end":
        return tag("word")
    return next((tag(verb) for verb in STEP_FORMS if isinstance(given, dict) and verb in given), None)


AnyStep = Annotated[
    Annotated[Literal["end"], Tag(tag("word"))]
    | Annotated[SendForm, Tag(tag("send"))]
    | Annotated[PauseForm, Tag(tag("wait"))]
    | Annotated[WaitForForm, Tag(tag("wait_for"))]
    | Annotated[BranchForm, Tag(tag("branch"))]
    | Annotated[SplitForm, Tag(tag("split"))]
    | Annotated[NotifyForm, Tag(tag("notify"))]
    | Annotated[EndForm, Tag(tag("end"))],
    Discriminator(_verb),
]
