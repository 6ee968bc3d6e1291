"""Retry messages that ended unsent, for an operator."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from outreach.domain.journeys.campaign import END, Campaign
from outreach.domain.operations.send_retries import (
    Unsent,
    is_over_unsent,
    put_back,
    send_late,
    waits_for_retry,
)
from outreach.domain.sending.send import SendStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from outreach.domain.journeys.enrollment import Enrollment
    from outreach.ports.clock import Clock
    from outreach.ports.operations import Executions, Reopening
    from outreach.usecases.sweeps.arm_wakes import ArmWakes


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrySend:
    """The use case with its ports. A repeat does no harm."""

    ledger: Reopening
    executions: Executions
    arm: ArmWakes
    clock: Clock

    def __call__(
        self, enrollment: Enrollment, messages: Sequence[Unsent], *, steps: Campaign | None = None
    ) -> None:
        """Put the run back at these messages, which `unsent` found, and let it go on.

        Of those that may be retried it goes back to the first, and the others follow in order; those that are
        too late go first, alone. With `steps` the run goes on with that version of the campaign, if it has
        all the requested steps. Raises ConflictError when the run changed since it was read. A run of
        executions gets a new one; an older one that still sleeps does no harm: a send is claimed once. For a
        swept run, its wake is armed.
        """
        if not waits_for_retry(enrollment, messages[0].step):
            again = _with_steps(_again(enrollment, messages, self.clock.now()), messages, steps)
            reopened = [
                step
                for step, send in enrollment.sends.items()
                if is_over_unsent(send) and again.sends[step].status is SendStatus.DEFERRED
            ]
            enrollment = self.ledger.reopen(again, reopened)
        if enrollment.swept:
            self.arm.of(enrollment)
        else:
            self.executions.begin_anew(enrollment)


def _again(enrollment: Enrollment, messages: Sequence[Unsent], now: datetime) -> Enrollment:
    in_turn = [message for message in messages if message.too_late is None]
    late = tuple(message.step for message in messages if message.too_late is not None)
    if in_turn:
        enrollment = put_back(enrollment, in_turn[0], now)
    return send_late(enrollment, late, now) if late else enrollment


def _with_steps(enrollment: Enrollment, messages: Sequence[Unsent], steps: Campaign | None) -> Enrollment:
    if steps is None:
        return enrollment
    needed = {message.step for message in messages}
    if enrollment.resume is not None:
        needed.add(enrollment.resume.step)
    known = {END, *(step.label for step in steps.steps)}
    return replace(enrollment, bundle=steps.version) if needed <= known else enrollment
