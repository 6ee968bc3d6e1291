"""Send a page of messages that the gate let pass: claim, send, record; in this order (decision 0007)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from outreach.domain.errors import (
    ConflictError,
    SendImpossibleError,
    SendRefusedError,
    SendUnclearError,
    UnknownEnrollmentError,
)
from outreach.domain.sending.outcomes import MessageOutcome, OutcomeKind
from outreach.domain.sending.page import Outcome, Page, Receipt
from outreach.domain.sending.refusal import failed_or_released, hold_after
from outreach.domain.sending.send import SendStatus
from outreach.domain.sending.send_reason import SendReason
from outreach.domain.sweeps.counts import SweepCounts
from outreach.usecases.sending.acquire_permit import until_permit
from outreach.usecases.sending.preflight import Preflight, report_outcome
from outreach.usecases.sending.refusal import free_place_of, report_to_rate_limiter
from outreach.usecases.sending.release_claim import release_claim

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from outreach.domain.journeys.campaign import SendStep
    from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId
    from outreach.domain.sending.outage import Outage
    from outreach.domain.sending.rate_limiter import Permit
    from outreach.ports.clock import Clock
    from outreach.ports.journeys import Enrollments
    from outreach.ports.sending import (
        BulkLedger,
        BulkMailer,
        Claim,
        Ledger,
        OutgoingEmail,
        RateLimiter,
        SendingStateStore,
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that may go out, and what it takes to claim it."""

    step: SendStep
    claim: Claim
    """Its enrollment stands past the step already: nothing needs to be moved when it went."""
    email: OutgoingEmail
    at_step: Enrollment
    """As it stood before, should the message have to be tried again."""


@dataclass(frozen=True, slots=True)
class PageSent:
    """What became of the drafts; every one of them is in exactly one place."""

    counts: SweepCounts = field(default_factory=SweepCounts)
    outcomes: tuple[MessageOutcome, ...] = ()
    """What became of those that were answered."""
    lost: tuple[EnrollmentId, ...] = ()
    """Something that their claims rest on changed meanwhile: decide on them anew."""
    trouble: SendUnclearError | None = None
    """Why some are in doubt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPage:
    """The use case with its ports."""

    bulk_ledger: BulkLedger
    ledger: Ledger
    enrollments: Enrollments
    bulk_mailer: BulkMailer
    rate_limiter: RateLimiter
    state_store: SendingStateStore
    clock: Clock
    new_page_id: Callable[[], str]

    def __call__(
        self, shard: int, drafts: Sequence[Draft], now: datetime, permit: Permit, go: Preflight
    ) -> PageSent:
        """Send drafts of one campaign, at most one for each customer; all are claimed as of `now`."""
        page = Page(
            id=self.new_page_id(),
            shard=shard,
            at=now,
            is_marketing=drafts[0].email.is_marketing,
            sends={draft.claim.send_id: draft.at_step.entered_at for draft in drafts},
        )
        claimed = {
            enrollment.id: enrollment
            for enrollment in self.bulk_ledger.claim_page(page, [draft.claim for draft in drafts])
        }
        going = [draft for draft in drafts if draft.at_step.id in claimed]
        lost = tuple(draft.at_step.id for draft in drafts if draft.at_step.id not in claimed)
        if not going:
            return PageSent(lost=lost)
        until_permit(permit, self.clock)
        answers = self.bulk_mailer.send_all([draft.email for draft in going])
        answered = list(zip(going, answers, strict=True))
        self.bulk_ledger.close_page(
            replace(
                page,
                sends={draft.claim.send_id: draft.at_step.entered_at for draft in going},
                receipts={
                    draft.claim.send_id: _receipt(answer)
                    for draft, answer in answered
                    if not isinstance(answer, SendUnclearError)
                },
            )
        )
        # From here on everything is on record: whoever settles the page can finish what a crash leaves.
        refused = [(draft, answer) for draft, answer in answered if isinstance(answer, SendRefusedError)]
        answered_at = self.clock.now()
        report_outcome(self.state_store, go.outage, answers, now=answered_at)
        for reason in {refusal.reason for _, refusal in refused}:
            report_to_rate_limiter(self.rate_limiter, reason, now=answered_at)
        outcomes = [
            MessageOutcome(draft.step.label, OutcomeKind.SENT)
            for draft, answer in answered
            if isinstance(answer, str)
        ]
        held = 0
        for draft, refusal in refused:
            is_held = self._record_refusal(draft, claimed[draft.at_step.id], refusal, go.outage, answered_at)
            held += is_held
            kind = OutcomeKind.HELD if is_held else OutcomeKind.FAILED
            outcomes.append(MessageOutcome(draft.step.label, kind, refusal.reason))
        unclear = [answer for answer in answers if isinstance(answer, SendUnclearError)]
        return PageSent(
            SweepCounts(
                sent=len(going) - len(refused) - len(unclear),
                held=held,
                failed=len(refused) - held,
                in_doubt=len(unclear),
            ),
            outcomes=tuple(outcomes),
            lost=lost,
            trouble=unclear[0] if unclear else None,
        )

    def _record_refusal(
        self,
        draft: Draft,
        stored: Enrollment,
        refusal: SendRefusedError,
        outage: Outage | None,
        now: datetime,
    ) -> bool:
        """With its reason; gives back whether it waits at its step to be tried again.

        Of one that somebody else is busy with, whoever settles the page finds the receipt.
        """
        label = draft.step.label
        outcome = failed_or_released(stored.sends[label], refusal)
        if outcome.status is SendStatus.DEFERRED:
            try:
                is_back = release_claim(
                    draft.claim.send_id,
                    outcome,
                    entered_at=draft.at_step.entered_at,
                    hold=hold_after(refusal, outcome, outage, is_marketing=draft.email.is_marketing, now=now),
                    enrollments=self.enrollments,
                    clock=self.clock,
                    now=now,
                    known=stored,
                )
            except ConflictError:
                return True
            if is_back:
                return True
            outcome = replace(outcome, status=SendStatus.FAILED, reason=SendReason.LEFT)
        with suppress(ConflictError, UnknownEnrollmentError):
            self.ledger.record(stored.with_send(label, outcome), label, outcome)
        customer_id = draft.at_step.id.customer_id
        free_place_of(customer_id, outcome, is_marketing=draft.email.is_marketing, ledger=self.ledger)
        return False


def _receipt(answer: str | SendRefusedError) -> Receipt:
    if isinstance(answer, str):
        return Receipt(Outcome.SENT, answer)
    outcome = Outcome.REFUSED if isinstance(answer, SendImpossibleError) else Outcome.RELEASED
    return Receipt(outcome, answer.reason)
