"""What Outreach knows of a verb besides what happens at it (`outreach.domain.journeys.next_action`)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from outreach.adapters.campaign_files.steps.form import StepForm
from outreach.domain.journeys.campaign import Campaign, Condition, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.adapters.campaign_files.model import Header
    from outreach.adapters.campaign_files.yaml_lines import Path

AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Exit:
    """One exit of a step: where to, when it is taken, and how long the run may have stood there."""

    target: str | None = None
    """A label, `end`, or None for the next step."""
    when: str = ""
    """In words, for a jump that the preview draws."""
    path: Path = ()
    """Where the jump stands inside the step."""
    shortest: timedelta = AT_ONCE
    longest: timedelta | None = AT_ONCE
    """None when only facts decide."""


@dataclass(frozen=True, slots=True)
class StepWords:
    """A step in plain words, for people who read no YAML."""

    does: str
    details: tuple[str, ...] = field(default=())


class StepSpec[F: StepForm, S: Step](ABC):
    """One verb: its form in the file, its step, and how that step is named, described and drawn."""

    verb: ClassVar[str]
    icon: ClassVar[str]
    """SVG elements around the origin, 16 units wide and high, for the preview's drawing."""
    form: type[F]
    step: type[S]

    @abstractmethod
    def translate(self, form: F, label: str, condition: Condition) -> S:
        """The step of the domain."""

    @abstractmethod
    def label_words(self, form: F, before: str) -> str:
        """What a label is made of when the file gives none; `before` is the label of the step above.

        It says what the step does and not where it stands, so that a step keeps its label when others
        come and go.
        """

    @abstractmethod
    def words(self, step: S, campaign: Campaign) -> StepWords:
        """What the step does; its conditions are described in the same way for every verb."""

    @abstractmethod
    def exits(self, step: S) -> Iterator[Exit]:
        """Every exit, except the one of a skipped step."""

    def own_label(self, form: F) -> str | None:
        """A label that the verb's value gives; two steps with the same one are a problem of the file."""
        return None

    def problems(self, form: F, header: Header | None) -> Iterator[tuple[Path, str]]:
        """What needs several fields: where inside the step, and what would be right.

        `header` is None when it has problems of its own.
        """
        yield from ()
