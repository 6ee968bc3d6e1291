"""The campaign file as typed models: what editors complete from, and what every file is checked against."""

from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    Tag,
    model_validator,
)

from outreach.adapters.campaigns.values import (
    Clock,
    Days,
    Duration,
    EventName,
    Expression,
    Name,
    ReentryWord,
    Share,
    ValueName,
)
from outreach.adapters.model_problems import tag
from outreach.domain.campaign import Driver, Key, MessageClass

MOST_STEPS = 100


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hours(_Part):
    """Local hours in which mail may go out."""

    opens: Clock | None = Field(None, alias="from", description="Hour at which mail may begin to go out.")
    closes: Clock | None = Field(None, alias="to", description="Hour from which no more mail goes out.")
    days: Days = Field(frozenset(range(7)), description="Days such as mon-fri, or mon,wed,sat, or any.")

    @model_validator(mode="after")
    def _both_or_neither(self) -> "Hours":
        if (self.opens is None) != (self.closes is None):
            raise ValueError("needs both from and to; for whole days leave out both")
        if self.opens is not None and self.opens == self.closes:
            raise ValueError("opens and closes at the same hour; for whole days leave out from and to")
        return self


def _window_form(given: object) -> str | None:
    return tag("hours") if isinstance(given, dict | Hours) else tag("any") if given == "any" else None


WindowForm = Annotated[
    Annotated[Hours, Tag(tag("hours"))] | Annotated[Literal["any"], Tag(tag("any"))],
    Discriminator(
        _window_form,
        custom_error_type="window_form",
        custom_error_message='must be hours such as {{from: "08:00", to: "20:00"}}, or the word any',
    ),
]


class Until(_Part):
    """A moment."""

    until: Expression = Field(description="Expression that gives a moment, such as order.promised_at.")


def _wait_form(given: object) -> str:
    return tag("until") if isinstance(given, dict | Until) else tag("duration")


WaitForm = Annotated[
    Annotated[Duration, Tag(tag("duration"))] | Annotated[Until, Tag(tag("until"))], Discriminator(_wait_form)
]


class _Step(_Part):
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


class ArmForm(_Part):
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


_SchemaStep = Annotated[
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


class GoalForm(_Part):
    """The event a campaign is for."""

    event: EventName = Field(
        description="The event that counts as success and ends the campaign for this customer."
    )
    within: Duration = Field(
        description="How long after the newest message it may still be that message's doing."
    )


class Header(_Part):
    """Everything in a campaign file but its steps."""

    name: Name = Field(description="The campaign's name for ever; the same as its folder's.")
    title: Annotated[StrictStr, Field(min_length=1, max_length=120)] = Field(
        description="What people call it."
    )
    message_class: MessageClass = Field(
        alias="class",
        description="marketing: consent, hours, caps and holdout apply. transactional: people wait for it.",
    )
    topic: Name | None = Field(None, description="What a customer can opt out of; required for marketing.")
    trigger: EventName = Field(description="The event that enrolls a customer, such as order.placed.")
    key: Key = Field(
        Key.CUSTOMER, description="What one enrollment is for: the customer, an order, a product line."
    )
    reentry: ReentryWord = Field(
        description="What a second trigger does: never, after_exit, restart, or after 30d (since the start)."
    )
    driver: Driver = Field(
        Driver.WORKFLOW, description="workflow: prompt. sweep: in large, cheap pages, by the daily schedule."
    )
    only_if: Expression | None = Field(None, description="The trigger enrolls only if this is true.")
    window: WindowForm = Field(
        "any", description="Local hours in which this campaign's mail may go out, or any."
    )
    priority: Annotated[StrictInt, Field(ge=0, le=100)] = Field(
        50, description="0 to 100: the higher goes first when there is room for one."
    )
    goal: GoalForm | None = Field(
        None, description="The event this campaign is for; reaching it ends the campaign."
    )
    exit_on: Annotated[list[EventName], Field(max_length=20)] = Field(
        default_factory=list,
        description="Events that end the campaign for this customer (or this order) at once.",
    )
    holdout: Share = Field(0.0, description="Share of customers left out on purpose, to measure the effect.")
    values: dict[ValueName, StrictStr | StrictBool | StrictInt | StrictFloat] = Field(
        default_factory=dict, description="Constants for messages and expressions, such as a coupon code."
    )


class CampaignFile(Header):
    """A campaign: who is enrolled, which steps follow, and which rules hold."""

    steps: Annotated[list[_SchemaStep], Field(min_length=1, max_length=MOST_STEPS)] = Field(
        description="What happens, from the top."
    )
