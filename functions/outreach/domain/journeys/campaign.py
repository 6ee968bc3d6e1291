"""The language of campaigns: who is enrolled, which steps follow, and which rules hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from outreach.domain.errors import UnknownCampaignError
from outreach.domain.journeys.declared_facts import DeclaredFacts
from outreach.domain.sending.delivery_hours import ANY_TIME, DeliveryHours

END = "end"
"""The reserved label that every campaign has after its last step."""


class MessageClass(StrEnum):
    """Which rules a message is under."""

    MARKETING = "marketing"
    """Consent, topics, caps, delivery hours and holdout apply."""
    TRANSACTIONAL = "transactional"
    """The customer waits for it: only suppression stops it."""


class Reentry(StrEnum):
    """What a second trigger does to a customer who is or was enrolled under the same key."""

    NEVER = "never"
    AFTER_EXIT = "after_exit"
    AFTER = "after"
    """Once `Campaign.reentry_after` has passed since the last run began."""
    RESTART = "restart"


class Driver(StrEnum):
    """What advances an enrollment from step to step."""

    WORKFLOW = "workflow"
    SWEEP = "sweep"


class Key(StrEnum):
    """What an enrollment is for: the second half of its identity."""

    CUSTOMER = "customer.id"
    ORDER = "order.id"
    PRODUCT_LINE = "product.line"
    """One enrollment per product line among the order's items."""


@dataclass(frozen=True, slots=True)
class SendStep:
    """Send one message."""

    label: str
    message: str
    condition: "Condition"
    window: DeliveryHours | None = None
    """Instead of the campaign's own delivery hours."""
    valid_for: timedelta | None = None
    """If it is not sent within this time of being due, it is skipped rather than sent late."""


@dataclass(frozen=True, slots=True)
class WaitStep:
    """Let time pass: a duration, or until the time that an expression gives."""

    label: str
    condition: "Condition"
    duration: timedelta | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class WaitForStep:
    """Wait for an event, but at most so long."""

    label: str
    condition: "Condition"
    event: str
    up_to: timedelta | None = None
    until: str | None = None
    on_timeout: str | None = None
    """Label to go to when the event did not arrive; None goes on with the next step."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm of a branch: taken when its expression is true; None is always true."""

    goto: str
    expression: str | None = None


@dataclass(frozen=True, slots=True)
class BranchStep:
    """Go to the first arm whose expression is true, else on with the next step."""

    label: str
    condition: "Condition"
    arms: tuple[Arm, ...]


@dataclass(frozen=True, slots=True)
class SplitStep:
    """Go to one of several labels, by a weighted draw that is always the same for a customer."""

    label: str
    condition: "Condition"
    weights: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class NotifyStep:
    """Inform people or other systems: put an event on the bus."""

    label: str
    condition: "Condition"
    event: str


@dataclass(frozen=True, slots=True)
class EndStep:
    """Finish here."""

    label: str
    condition: "Condition"


type Step = SendStep | WaitStep | WaitForStep | BranchStep | SplitStep | NotifyStep | EndStep


@dataclass(frozen=True, slots=True)
class Condition:
    """`if:` and `unless:` of a step; both may be absent."""

    when: str | None = None
    unless: str | None = None


ALWAYS = Condition()


@dataclass(frozen=True, slots=True)
class Goal:
    """The event a campaign is for."""

    event: str
    within: timedelta
    """Counted from the last message of the run (or the one that a held-out customer was not sent)."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign file, checked. Steps are found by label; labels are unique and jumps lead forward."""

    name: str
    title: str
    message_class: MessageClass
    topic: str
    trigger: str
    key: Key
    reentry: Reentry
    driver: Driver
    steps: tuple[Step, ...]
    version: str = ""
    """Content hash of the bundle the steps come from."""
    reentry_after: timedelta | None = None
    only_if: str | None = None
    """Expression that must be true for a trigger to enroll."""
    window: DeliveryHours = ANY_TIME
    priority: int = 50
    """0 to 100; which campaign goes first when a cap leaves room for one."""
    goal: Goal | None = None
    exit_on: tuple[str, ...] = ()
    holdout: float = 0.0
    """Share of customers, 0 to 1, that get nothing so that the effect can be measured."""
    values: Mapping[str, object] = field(default_factory=dict)
    """Constants a marketer may change, such as a coupon code; templates see them as `values`."""
    facts: DeclaredFacts = field(default_factory=DeclaredFacts)
    """The types of attributes and properties, as they were declared when these steps were published."""

    @property
    def is_marketing(self) -> bool:
        return self.message_class is MessageClass.MARKETING

    @property
    def first_label(self) -> str:
        return self.steps[0].label if self.steps else END

    def step(self, label: str) -> Step | None:
        """The step of that label; None is the end. Raises UnknownCampaignError for an unknown label."""
        if label == END:
            return None
        for step in self.steps:
            if step.label == label:
                return step
        raise UnknownCampaignError(f"campaign {self.name} (version {self.version}) has no step {label!r}")

    def after(self, label: str) -> str:
        """The label that follows, or END."""
        labels = [step.label for step in self.steps]
        place = labels.index(label) + 1
        return labels[place] if place < len(labels) else END

    def window_of(self, step: SendStep) -> DeliveryHours:
        """Transactional mail has no delivery hours; a step's own come before the campaign's."""
        if not self.is_marketing:
            return ANY_TIME
        return step.window or self.window
