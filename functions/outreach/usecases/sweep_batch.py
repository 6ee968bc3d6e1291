"""Work through a page of due enrollments at once: one read, one claim, one call, one record.

This is the fast lane for what is ordinary. Whatever is not (a claim in doubt, a notice to send, a message
that cannot be rendered, a lost race) is left to `AdvanceEnrollment`, one enrollment at a time. Both ask
the same pure functions, so a customer cannot tell which lane their message took.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from outreach.domain.campaign import SendStep
from outreach.domain.decision import Finish, Notify, SendMessage, WaitFor, WaitUntil, next_action
from outreach.domain.enrollment import Enrollment, EnrollmentId
from outreach.domain.errors import SendRefused, UnknownCampaign
from outreach.domain.gate import Hold, Pass, Refuse, Rules, gate
from outreach.domain.pacing import Wait
from outreach.domain.page import LARGEST_PAGE, SENT, Page, Receipt
from outreach.domain.rendering import TemplateError
from outreach.ports import (
    BulkLedger,
    BulkMailer,
    Claim,
    Clock,
    House,
    Ledger,
    OutgoingEmail,
    Pacer,
    Parties,
    Party,
    Renderer,
)
from outreach.usecases.draft_message import claim_on, render_message
from outreach.usecases.move_on import finished, move_on
from outreach.usecases.refusal import given_up_or_back, hold_after, tell_pacer
from outreach.usecases.scene import Scene, Stage
from outreach.usecases.take_turn import take_turn


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that may go out, and what it takes to claim it."""

    step: SendStep
    claim: Claim
    """Its enrollment stands past the step already: nothing needs to be moved when it went."""
    email: OutgoingEmail
    at_step: Enrollment
    """As it stood before, should the message have to be tried again."""


@dataclass(slots=True)
class Batch:
    """What became of the enrollments of one page; every one of them is in exactly one place."""

    sent: int = 0
    not_taken: int = 0
    """The e-mail service refused them; each has its reason on record."""
    moved: int = 0
    """Skipped, held, or on to another wait."""
    left: tuple[EnrollmentId, ...] = ()
    """For `AdvanceEnrollment`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepBatch:
    """The use case with its ports."""

    stage: Stage
    parties: Parties
    renderer: Renderer
    pacer: Pacer
    bulk_ledger: BulkLedger
    ledger: Ledger
    bulk_mailer: BulkMailer
    house: House
    clock: Clock
    new_page_id: Callable[[], str]
    patience: timedelta
    """How long it may sleep for a turn; held, a message would wait for the sweep's next look."""

    def __call__(self, shard: int, due: Sequence[EnrollmentId]) -> Batch:
        """Work through at most `LARGEST_PAGE` enrollments of one campaign.

        An error of the mailer that leaves open what became of the messages flies; the page is on record,
        and what is in doubt is settled by reading it.
        """
        now, rules = self.clock.now(), self.house.rules()
        judged = [self._judge(party, rules, now) for party in self.parties.together(due[:LARGEST_PAGE])]
        moves = [each for each in judged if isinstance(each, Enrollment)]
        drafts = [each for each in judged if isinstance(each, Draft)]
        left = [each for each in judged if isinstance(each, EnrollmentId)]
        lost = self.bulk_ledger.move(moves)
        batch = Batch(moved=len(moves) - len(lost))
        left += lost
        while drafts:
            is_marketing = drafts[0].email.is_marketing
            turn = take_turn(
                len(drafts),
                marketing=is_marketing,
                pacer=self.pacer,
                clock=self.clock,
                patience=self.patience,
            )
            if isinstance(turn, Wait):
                held = [draft.at_step.held(turn.reason, turn.until) for draft in drafts]
                lost = self.bulk_ledger.move(held)
                batch.moved += len(held) - len(lost)
                left += lost
                break
            going, drafts = drafts[: turn.sends], drafts[turn.sends :]
            left += self._send(going, shard, now, batch)
        batch.left = tuple(left)
        return batch

    def _judge(self, party: Party, rules: Rules, now: datetime) -> Draft | Enrollment | EnrollmentId:
        """A message to send, an enrollment that moved without one, or one that is left to the slow lane."""
        enrollment = party.enrollment
        if not enrollment.is_active:
            return enrollment.id
        try:
            scene = self.stage.scene_of_party(party, now)
        except UnknownCampaign:
            return enrollment.id
        if enrollment.step in enrollment.sends:
            return enrollment.id  # tried before: the slow lane knows what that means
        decision = next_action(scene.campaign, enrollment, scene.situation, now)
        match decision.action:
            case WaitUntil():
                return enrollment.id if decision.enrollment == enrollment else decision.enrollment
            case Finish():
                return finished(decision, now)
            case Notify() | WaitFor():
                return enrollment.id
            case SendMessage(step):
                return self._draft(decision.enrollment, step, scene, rules, now)

    def _draft(
        self, enrollment: Enrollment, step: SendStep, scene: Scene, rules: Rules, now: datetime
    ) -> Draft | Enrollment | EnrollmentId:
        if step.label in enrollment.sends:
            return enrollment.id  # tried before: the slow lane knows what that means
        match gate(scene.campaign, step, enrollment, scene.customer, rules, scene.zone, now):
            case Refuse(reason):
                return move_on(enrollment.skipping(step.label, reason, now), scene, now)
            case Hold(until, reason):
                return enrollment.held(reason, until)
            case Pass():
                try:
                    email = render_message(enrollment, step, scene, self.renderer)
                except TemplateError:
                    return enrollment.id
                claim = claim_on(enrollment, step, scene, rules.caps, now)
                past = move_on(claim.enrollment, scene, now)
                return Draft(step, replace(claim, enrollment=past), email, enrollment)

    def _send(
        self, drafts: Sequence[Draft], shard: int, now: datetime, batch: Batch
    ) -> tuple[EnrollmentId, ...]:
        """Claim, send and record; gives back those whose claim was lost."""
        wanted = Page(
            id=self.new_page_id(),
            shard=shard,
            at=now,
            is_marketing=drafts[0].email.is_marketing,
            sends=tuple(draft.claim.send_id for draft in drafts),
        )
        page, claimed = self.bulk_ledger.claim_page(wanted, [draft.claim for draft in drafts])
        if not claimed:
            return tuple(draft.at_step.id for draft in drafts)
        stored = {enrollment.id: enrollment for enrollment in claimed}
        going = [draft for draft in drafts if draft.at_step.id in stored]
        answers = self.bulk_mailer.send_all([draft.email for draft in going])
        outcomes = list(zip(going, answers, strict=True))
        # Those that were refused are given back before the page is closed: a page that is not closed is
        # looked at again, so a crash in between loses none of them.
        refused = [(draft, answer) for draft, answer in outcomes if isinstance(answer, SendRefused)]
        for draft, refusal in refused:
            self._give_back(draft, stored[draft.at_step.id], refusal, now)
        receipts = {draft.claim.send_id: _receipt(answer) for draft, answer in outcomes}
        self.bulk_ledger.close_page(replace(page, receipts=receipts))
        for reason in {refusal.reason for _, refusal in refused}:
            tell_pacer(self.pacer, reason, now=self.clock.now())
        batch.sent += len(going) - len(refused)
        batch.not_taken += len(refused)
        return tuple(draft.at_step.id for draft in drafts if draft.at_step.id not in stored)

    def _give_back(self, draft: Draft, stored: Enrollment, refusal: SendRefused, now: datetime) -> None:
        """On record with its reason; back at its step if it may be tried again."""
        label = draft.step.label
        outcome = given_up_or_back(stored.sends[label], refusal)
        after = stored.with_send(label, outcome)
        hold = hold_after(refusal, is_marketing=draft.email.is_marketing, now=now)
        if hold is not None:
            back = draft.at_step.with_send(label, outcome).held(*hold)
            after = replace(back, version=stored.version)
        self.ledger.record(after, label, outcome)


def _receipt(answer: str | SendRefused) -> Receipt:
    return Receipt(answer.reason) if isinstance(answer, SendRefused) else Receipt(SENT, answer)
