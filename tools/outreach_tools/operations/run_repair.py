"""Puts runs back at messages that ended unsent, in one stack."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from outreach.domain.errors import ConflictError
from outreach.domain.journeys.campaign import Campaign
from outreach.domain.journeys.enrollment import Enrollment, SkipReason
from outreach.domain.operations.send_retries import Unsent
from outreach.usecases.operations.retry_send import RetrySend
from outreach_tools.publishing.published_versions import NotPublishedError, PublishedVersions
from outreach_tools.publishing.versions import NOW, read_steps, steps_named
from outreach_tools.wiring import Stack, for_stack


@dataclass(frozen=True, slots=True)
class Repair:
    """Retries messages. One whose condition failed uses the newest steps: its own have that condition."""

    retry: RetrySend
    published_versions: PublishedVersions
    _newest: dict[str, Campaign | None] = field(default_factory=dict)

    @classmethod
    def of(cls, stack: Stack, published_versions: PublishedVersions) -> Self:
        """That of a stack. Raises KeyError for a stack that lacks an output."""
        adapters = for_stack(stack)
        retry = RetrySend(
            ledger=adapters.table.ledger,
            executions=adapters.executions,
            arm=adapters.arm_wakes,
            clock=adapters.clock,
        )
        return cls(retry, published_versions)

    def __call__(self, enrollment: Enrollment, messages: Sequence[Unsent]) -> bool:
        """Put the run back; False when it changed meanwhile."""
        skips = [enrollment.skips.get(message.step) for message in messages]
        judged = any(skip is not None and skip.reason is SkipReason.EXPRESSION_FAILED for skip in skips)
        try:
            self.retry(enrollment, messages, steps=self._steps(enrollment.id.campaign) if judged else None)
        except ConflictError:
            return False
        return True

    def _steps(self, campaign: str) -> Campaign | None:
        """The current ones; None where nothing was published: the deployed steps hold for every run then."""
        if campaign not in self._newest:
            try:
                self._newest[campaign] = read_steps(
                    self.published_versions, campaign, steps_named(self.published_versions, campaign, NOW)
                )
            except NotPublishedError:
                self._newest[campaign] = None
        return self._newest[campaign]
