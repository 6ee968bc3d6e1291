"""Deliver 1 to 49 drafts that may be sent now: claim, send, record, report, finish; in this order.

The order is the guarantee (decisions 0001 and 0007). The claim comes first, so of two processes one sends.
What became of the messages is recorded before anything else is done with the answers: a crash before that
leaves a claim that is resolved by evidence, and a crash after it loses no message. How many rows a claim and
a record write is the caller's matter (`Claims`): the enrollment of one message, or the row of a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from outreach.domain.errors import SendRefusedError
from outreach.domain.sending.refusal import failed_or_released, shows_a_limit
from outreach.usecases.sending.acquire_permit import until_permit
from outreach.usecases.sending.preflight import Preflight, report_outcome
from outreach.usecases.sending.refusal import report_to_rate_limiter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from outreach.domain.journeys.campaign import SendStep
    from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId
    from outreach.domain.sending.outage import Outage
    from outreach.domain.sending.rate_limiter import Permit
    from outreach.ports.clock import Clock
    from outreach.ports.sending import Claim, OutgoingEmail, RateLimiter, SendAnswer, SendingStateStore


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that may be sent, and what it takes to claim it."""

    step: SendStep
    claim: Claim
    """In a page its enrollment stands past the step already: nothing needs to be moved when it was sent."""
    email: OutgoingEmail
    at_step: Enrollment
    """As it stood before, should the message have to be tried again."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A claimed message, and what the service answered to it."""

    draft: Draft
    claimed: Enrollment
    """As the claim stored it."""
    answer: SendAnswer


class Claims(Protocol):
    """How claims and their outcomes are stored."""

    def claim(self, drafts: Sequence[Draft]) -> Mapping[EnrollmentId, Enrollment]:
        """The enrollments that were claimed; those that lost a race are left out, or raise ConflictError."""
        ...

    def record(self, answered: Sequence[Answered], outage: Outage | None) -> None:
        """Store what became of each message."""
        ...

    def finish(self, answered: Sequence[Answered], outage: Outage | None, now: datetime) -> None:
        """What follows from the record; whoever resolves claims finishes what a crash leaves of it."""
        ...


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of the drafts; each of them is in exactly one place."""

    answered: tuple[Answered, ...] = ()
    lost: tuple[EnrollmentId, ...] = ()
    """Something that their claims rest on changed meanwhile: decide on them anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver:
    """The protocol with the ports that every delivery needs."""

    rate_limiter: RateLimiter
    state_store: SendingStateStore
    clock: Clock

    def __call__(
        self,
        drafts: Sequence[Draft],
        claims: Claims,
        send: Callable[[Sequence[OutgoingEmail]], Sequence[SendAnswer]],
        *,
        permit: Permit,
        go: Preflight,
    ) -> Delivered:
        """Send drafts of one campaign, at most one for each customer.

        An error that `send` raises leaves open whether a message was sent: the claims stay.
        """
        claimed = claims.claim(drafts)
        going = [draft for draft in drafts if draft.at_step.id in claimed]
        lost = tuple(draft.at_step.id for draft in drafts if draft.at_step.id not in claimed)
        if not going:
            return Delivered(lost=lost)
        until_permit(permit, self.clock)
        answers = send([draft.email for draft in going])
        answered = tuple(
            Answered(draft, claimed[draft.at_step.id], answer)
            for draft, answer in zip(going, answers, strict=True)
        )
        claims.record(answered, go.outage)
        now = self.clock.now()
        report_outcome(self.state_store, go.outage, answers, now=now)
        limits = [_limit_met(each, is_alone=len(answered) == 1) for each in answered]
        for reason in dict.fromkeys(filter(None, limits)):
            report_to_rate_limiter(self.rate_limiter, reason, now=self.clock.now())
        claims.finish(answered, go.outage, now)
        return Delivered(answered, lost)


def _limit_met(answered: Answered, *, is_alone: bool) -> str | None:
    """The reason of a refusal that the rate limiter must learn of."""
    draft, refusal = answered.draft, answered.answer
    if not isinstance(refusal, SendRefusedError):
        return None
    label = draft.step.label
    outcome = failed_or_released(answered.claimed.sends[label], refusal)
    before = draft.at_step.sends.get(label)
    is_shown = shows_a_limit(before, outcome, is_marketing=draft.email.is_marketing, is_alone=is_alone)
    return refusal.reason if is_shown else None
