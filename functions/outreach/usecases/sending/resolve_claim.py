"""Settle a claim whose outcome nobody recorded: its process died, or could not tell what became of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from outreach.domain.journeys.campaign import Campaign, SendStep
from outreach.domain.journeys.enrollment import Enrollment, HoldReason
from outreach.domain.sending.send import Send, SendStatus
from outreach.domain.sending.unresolved_claim import (
    GRACE,
    PATIENCE,
    ClaimVerdict,
    StillUnresolved,
    as_unknown,
    is_too_early,
    released,
    resolve,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from outreach.ports.feedback import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveClaim:
    """The use case with its port."""

    evidence: Evidence

    def __call__(
        self,
        enrollment: Enrollment,
        campaign: Campaign,
        advance_past_step: Callable[[Enrollment], Enrollment],
        now: datetime,
    ) -> Enrollment | None:
        """What to do about the send it stands at; None when there is no claim on it, so it may be judged.

        This is asked before anything else: once a message was claimed, its condition, or whether the
        customer wants it, is no longer the question.
        """
        step, send = campaign.step(enrollment.step), enrollment.sends.get(enrollment.step)
        if not isinstance(step, SendStep) or send is None or send.status is SendStatus.DEFERRED:
            return None
        if send.status is not SendStatus.CLAIMED:
            return advance_past_step(enrollment)
        match self.find(send, is_marketing=campaign.is_marketing, now=now):
            case StillUnresolved(look_again_at):
                return enrollment.held(HoldReason.UNRESOLVED, look_again_at)
            case ClaimVerdict.GIVE_UP:
                return advance_past_step(enrollment.with_send(step.label, as_unknown(send, now)))
            case ClaimVerdict.NEVER_WENT | ClaimVerdict.TRY_AGAIN as finding:
                after = enrollment.with_send(step.label, again := released(send, finding))
                if again.status is SendStatus.FAILED:
                    return advance_past_step(after)
                return replace(after, hold=None, due_at=now)

    def find(self, send: Send, *, is_marketing: bool, now: datetime) -> ClaimVerdict | StillUnresolved:
        """What to think of a claimed send, by the evidence there is; asks for more if there is none."""
        if is_too_early(send, now):
            return StillUnresolved(send.at + GRACE)
        finding = resolve(send, is_marketing=is_marketing, health=self.evidence.health(), now=now)
        if isinstance(finding, StillUnresolved) and finding.wants_probe:
            self.evidence.probe(now)
        return finding


def earlier_unresolved(enrollment: Enrollment, now: datetime) -> datetime | None:
    """When to look again whether an earlier message of this run went; None when that is known of all.

    The earlier one must go first. Only a page of a sweep leaves such a claim behind (decision 0007), and
    whoever reads the pages ends it.
    """
    claims = [
        send.at
        for step, send in enrollment.sends.items()
        if send.status is SendStatus.CLAIMED and step != enrollment.step
    ]
    return max(now + PATIENCE, max(claims) + GRACE) if claims else None
