"""Send a page of messages that the gate let pass, by the protocol of `deliver` (decision 0007)."""

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
from outreach.usecases.sending.deliver import Deliver
from outreach.usecases.sending.refusal import free_place_of
from outreach.usecases.sending.release_claim import release_claim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId
    from outreach.domain.sending.outage import Outage
    from outreach.domain.sending.rate_limiter import Permit
    from outreach.ports.clock import Clock
    from outreach.ports.journeys import Enrollments
    from outreach.ports.sending import BulkLedger, BulkMailer, Ledger, RateLimiter, SendingStateStore
    from outreach.usecases.sending.deliver import Answered, Draft
    from outreach.usecases.sending.preflight import Preflight


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
        rows = _PageRows(self.bulk_ledger, page, self._record_refusal)
        deliver = Deliver(rate_limiter=self.rate_limiter, state_store=self.state_store, clock=self.clock)
        delivered = deliver(drafts, rows, self.bulk_mailer.send_all, permit=permit, go=go)
        unclear = [each.answer for each in delivered.answered if isinstance(each.answer, SendUnclearError)]
        sent = [each for each in delivered.answered if isinstance(each.answer, str)]
        outcomes = [MessageOutcome(each.draft.step.label, OutcomeKind.SENT) for each in sent]
        held = sum(outcome.kind is OutcomeKind.HELD for outcome in rows.refused)
        failed = len(rows.refused) - held
        return PageSent(
            SweepCounts(sent=len(sent), held=held, failed=failed, in_doubt=len(unclear)),
            outcomes=(*outcomes, *rows.refused),
            lost=delivered.lost,
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


class _PageRows:
    """Claims in one transaction with the page's row, and records in that row."""

    def __init__(
        self,
        ledger: BulkLedger,
        page: Page,
        record_refusal: Callable[[Draft, Enrollment, SendRefusedError, Outage | None, datetime], bool],
    ) -> None:
        self._ledger = ledger
        self._page = page
        self._record_refusal = record_refusal
        self.refused: list[MessageOutcome] = []

    def claim(self, drafts: Sequence[Draft]) -> Mapping[EnrollmentId, Enrollment]:
        """All that still may be claimed."""
        claimed = self._ledger.claim_page(self._page, [draft.claim for draft in drafts])
        return {enrollment.id: enrollment for enrollment in claimed}

    def record(self, answered: Sequence[Answered], outage: Outage | None) -> None:
        """The receipts of the page: its enrollments stand past their steps already."""
        del outage
        sends = {each.draft.claim.send_id: each.draft.at_step.entered_at for each in answered}
        receipts = {
            each.draft.claim.send_id: _receipt(each.answer)
            for each in answered
            if not isinstance(each.answer, SendUnclearError)
        }
        self._ledger.close_page(replace(self._page, sends=sends, receipts=receipts))

    def finish(self, answered: Sequence[Answered], outage: Outage | None, now: datetime) -> None:
        """Undo the claims of what was refused, or record that it has failed."""
        for each in answered:
            if isinstance(each.answer, SendRefusedError):
                is_held = self._record_refusal(each.draft, each.claimed, each.answer, outage, now)
                kind = OutcomeKind.HELD if is_held else OutcomeKind.FAILED
                self.refused.append(MessageOutcome(each.draft.step.label, kind, each.answer.reason))


def _receipt(answer: str | SendRefusedError) -> Receipt:
    if isinstance(answer, str):
        return Receipt(Outcome.SENT, answer)
    outcome = Outcome.REFUSED if isinstance(answer, SendImpossibleError) else Outcome.RELEASED
    return Receipt(outcome, answer.reason)
