"""The campaign file as a typed model: what editors complete from, and what every file is checked against."""

from typing import Annotated

from pydantic import Field, StrictInt, StrictStr

from outreach.adapters.campaign_files.parts import Part, WindowForm
from outreach.adapters.campaign_files.steps.registry import AnyStep
from outreach.adapters.campaign_files.values import (
    Constant,
    Duration,
    EventName,
    Expression,
    Name,
    ReentryWord,
    Share,
    ValueName,
)
from outreach.domain.journeys.campaign import Driver, Key, MessageClass

MOST_STEPS = 100


class GoalForm(Part):
    """The event a campaign is for."""

    event: EventName = Field(
        description="The event that counts as success and ends the campaign for this customer."
    )
    within: Duration = Field(
        description="How long after the newest message it may still be that message's doing."
    )


class Header(Part):
    """Everything in a campaign file but its steps."""

    name: Name = Field(description="The campaign's permanent name; the same as its folder's.")
    title: Annotated[StrictStr, Field(min_length=1, max_length=120)] = Field(
        description="What people call it."
    )
    message_class: MessageClass = Field(
        alias="class",
        description="marketing: consent, hours, caps and holdout apply. transactional: people wait for it.",
    )
    topic: Name | None = Field(None, description="Its subject, such as tips; required for marketing.")
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
    values: dict[ValueName, Constant] = Field(
        default_factory=dict, description="Constants for messages and expressions, such as a coupon code."
    )


class CampaignFile(Header):
    """A campaign: which customers are enrolled, which steps follow, and which rules hold."""

    steps: Annotated[list[AnyStep], Field(min_length=1, max_length=MOST_STEPS)] = Field(
        description="What happens, from the top."
    )
