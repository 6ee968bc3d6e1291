"""Send a page of messages that the gate let pass: claim, send, record; in this order (decision 0007)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from outreach.domain.errors import Conflict, SendImpossible, SendRefused, SendUnclear, UnknownEnrollment
from outreach.domain.outcomes import MessageOutcome, OutcomeKind
from outreach.domain.page import Outcome, Page, Receipt
from outreach.domain.sends import SendStatus
from outreach.domain.sweep import Balance
from outreach.usecases.give_back import LEFT, give_back
from outreach.usecases.go_ahead import GoAhead, tell_house
from outreach.usecases.refusal import free_place_of, given_up_or_back, hold_after, tell_pacer
from outreach.usecases.take_turn import until_turn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from outreach.domain.campaign import SendStep
    from outreach.domain.enrollment import Enrollment, EnrollmentId
    from outreach.domain.outage import Outage
    from outreach.domain.pacing import Grant
    from outreach.ports import (
        BulkLedger,
        BulkMailer,
        Claim,
        Clock,
        Enrollments,
        House,
        Ledger,
        OutgoingEmail,
        Pacer,
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

    balance: Balance = field(default_factory=Balance)
    outcomes: tuple[MessageOutcome, ...] = ()
    """What became of those that were answered."""
    lost: tuple[EnrollmentId, ...] = ()
    """Something that their claims rest on changed meanwhile: decide on them anew."""
    trouble: SendUnclear | None = None
    """Why some are in doubt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPage:
    """The use case with its ports."""

    bulk_ledger: BulkLedger
    ledger: Ledger
    enrollments: Enrollments
    bulk_mailer: BulkMailer
    pacer: Pacer
    house: House
    clock: Clock
    new_page_id: Callable[[], str]

    def __call__(
        self, shard: int, drafts: Sequence[Draft], now: datetime, turn: Grant, go: GoAhead
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
        until_turn(turn, self.clock)
        answers = self.bulk_mailer.send_all([draft.email for draft in going])
        answered = list(zip(going, answers, strict=True))
        self.bulk_ledger.close_page(
            replace(
                page,
                sends={draft.claim.send_id: draft.at_step.entered_at for draft in going},
                receipts={
                    draft.claim.send_id: _receipt(answer)
                    for draft, answer in answered
                    if not isinstance(answer, SendUnclear)
                },
            )
        )
        # From here on everything is on record: whoever settles the page can finish what a crash leaves.
        refused = [(draft, answer) for draft, answer in answered if isinstance(answer, SendRefused)]
        answered_at = self.clock.now()
        tell_house(self.house, go.outage, answers, now=answered_at)
        for reason in {refusal.reason for _, refusal in refused}:
            tell_pacer(self.pacer, reason, now=answered_at)
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
        unclear = [answer for answer in answers if isinstance(answer, SendUnclear)]
        return PageSent(
            Balance(
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
        self, draft: Draft, stored: Enrollment, refusal: SendRefused, outage: Outage | None, now: datetime
    ) -> bool:
        """With its reason; gives back whether it waits at its step to be tried again.

        Of one that somebody else is busy with, whoever settles the page finds the receipt.
        """
        label = draft.step.label
        outcome = given_up_or_back(stored.sends[label], refusal)
        if outcome.status is SendStatus.DEFERRED:
            try:
                is_back = give_back(
                    draft.claim.send_id,
                    outcome,
                    entered_at=draft.at_step.entered_at,
                    hold=hold_after(refusal, outcome, outage, is_marketing=draft.email.is_marketing, now=now),
                    enrollments=self.enrollments,
                    clock=self.clock,
                    now=now,
                    known=stored,
                )
            except Conflict:
                return True
            if is_back:
                return True
            outcome = replace(outcome, status=SendStatus.FAILED, reason=LEFT)
        with suppress(Conflict, UnknownEnrollment):
            self.ledger.record(stored.with_send(label, outcome), label, outcome)
        customer_id = draft.at_step.id.customer_id
        free_place_of(customer_id, outcome, is_marketing=draft.email.is_marketing, ledger=self.ledger)
        return False


def _receipt(answer: str | SendRefused) -> Receipt:
    if isinstance(answer, str):
        return Receipt(Outcome.SENT, answer)
    outcome = Outcome.REFUSED if isinstance(answer, SendImpossible) else Outcome.GIVEN_BACK
    return Receipt(outcome, answer.reason)
