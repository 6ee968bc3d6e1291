"""Work through a page of due enrollments at once: one read, one claim, one call, one record.

This is the fast lane for what is ordinary. Whatever is not (a claim in doubt, a notice to send, a message
that cannot be rendered, a lost race) is left to `AdvanceEnrollment`, one enrollment at a time. Both ask
the same pure functions, so a customer cannot tell which lane their message took.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from outreach.domain.decision import Finish, Notify, SendMessage, WaitFor, WaitUntil, next_action
from outreach.domain.enrollment import Enrollment, EnrollmentId, HoldReason, LeaveReason, SkipReason
from outreach.domain.errors import RestoreUnderWayError, SendUnclear
from outreach.domain.gate import Hold, Pass, Refuse, Rules, gate, stopped
from outreach.domain.outcomes import MessageOutcome, outcomes_of
from outreach.domain.pacing import Grant, Wait
from outreach.domain.sweep import Balance, came_to
from outreach.usecases.draft_message import claim_on, render_message
from outreach.usecases.go_ahead import GoAhead, go_ahead
from outreach.usecases.move_on import finished, move_on
from outreach.usecases.send_page import Draft, SendPage
from outreach.usecases.take_turn import take_turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from outreach.domain.campaign import SendStep
    from outreach.ports import BulkLedger, Clock, House, Pacer, Parties, Party, Renderer
    from outreach.usecases.scene import Scene, Stage

FRESH = timedelta(minutes=1)
"""How old a verdict of the gate may be; what could not go until then is judged anew."""


@dataclass(slots=True)
class Batch:
    """What became of the enrollments of one page; every one of them is in exactly one place."""

    balance: Balance = field(default_factory=Balance)
    """Of those that are done with. As due it counts only what came to be due on top of them."""
    left: tuple[EnrollmentId, ...] = ()
    """For `AdvanceEnrollment`."""
    untouched: tuple[EnrollmentId, ...] = ()
    """There was no time for them: they are due as before."""
    trouble: SendUnclear | None = None
    """Why some are in doubt."""
    outcomes: list[MessageOutcome] = field(default_factory=list, compare=False)
    """What became of their messages, one by one; the balance has their sums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepBatch:
    """The use case with its ports."""

    stage: Stage
    parties: Parties
    renderer: Renderer
    pacer: Pacer
    bulk_ledger: BulkLedger
    send_page: SendPage
    house: House
    clock: Clock
    patience: timedelta
    """How long it may sleep for a turn; held, a message would wait for the sweep's next look."""

    def __call__(self, shard: int, due: Sequence[EnrollmentId]) -> Batch:
        """Work through at most `LARGEST_PAGE` (of outreach.domain.page) enrollments of one campaign.

        Raises RestoreUnderWayError.
        """
        now, rules, batch = _as_stored(self.clock.now()), self.house.rules(), Batch()
        if rules.is_restoring:
            raise RestoreUnderWayError
        parties = self.parties.together(due)
        batch.balance.moved_on = len(due) - len(parties)
        found = {party.enrollment.id: party.enrollment for party in parties}
        judged = [self._judge_or_leave(party, rules, now) for party in parties]
        left = [each for each in judged if isinstance(each, EnrollmentId)]
        left += self._save([each for each in judged if isinstance(each, Enrollment)], found, batch)
        drafts, second = _one_for_each([each for each in judged if isinstance(each, Draft)])
        left += second
        while drafts and batch.trouble is None and self.clock.now() < now + FRESH:
            match self._permission(drafts):
                case Wait(until, reason) | Hold(until, reason):
                    held = [draft.at_step.held(reason, until) for draft in drafts]
                    left += self._save(held, found, batch)
                    drafts = []
                case turn, go:
                    most = turn.sends if go.outage is None else 1
                    going, drafts = drafts[:most], drafts[most:]
                    done = self.send_page(shard, going, now, turn, go)
                    left += done.lost
                    batch.balance.add(done.balance)
                    batch.outcomes += done.outcomes
                    batch.trouble = done.trouble
        batch.left = tuple(left)
        batch.untouched = tuple(draft.at_step.id for draft in drafts)
        return batch

    def _permission(self, drafts: Sequence[Draft]) -> tuple[Grant, GoAhead] | Wait | Hold:
        """A turn, and the word that it may be used, which is asked for after the wait for the turn.

        No turn is taken that will not be used: in an outage one message tries, if any.
        """
        rules, first = self.house.rules(), drafts[0]  # all are of one campaign
        campaign, is_marketing = first.claim.send_id.campaign, first.email.is_marketing
        hold = stopped(rules, campaign=campaign, is_marketing=is_marketing, now=self.clock.now())
        if hold is not None:
            return hold
        most = len(drafts) if rules.outage is None else 1
        turn = take_turn(
            most, marketing=is_marketing, pacer=self.pacer, clock=self.clock, patience=self.patience
        )
        if isinstance(turn, Wait):
            return turn
        go = go_ahead(self.house, campaign=campaign, is_marketing=is_marketing, now=self.clock.now())
        return go if isinstance(go, Hold) else (turn, go)

    def _save(
        self, moved: Sequence[Enrollment], found: Mapping[EnrollmentId, Enrollment], batch: Batch
    ) -> Iterable[EnrollmentId]:
        """Gives back those that changed meanwhile."""
        lost = self.bulk_ledger.save_all(moved)
        for each in moved:
            if each.id not in lost:
                batch.balance.add(came_to(found[each.id], each))
                batch.outcomes += outcomes_of(found[each.id], each)
        return lost

    def _judge_or_leave(self, party: Party, rules: Rules, now: datetime) -> Draft | Enrollment | EnrollmentId:
        """One that cannot be judged must not hold up its page: the slow lane tells what is wrong with it."""
        try:
            return self._judge(party, rules, now)
        except Exception:  # noqa: BLE001 - whatever is wrong with one
            return party.enrollment.id

    def _judge(self, party: Party, rules: Rules, now: datetime) -> Draft | Enrollment | EnrollmentId:
        """A message to send, an enrollment that moved without one, or one that is left to the slow lane."""
        enrollment = party.enrollment
        if not enrollment.is_active or enrollment.is_in_doubt or enrollment.resume is not None:
            return enrollment.id
        scene = self.stage.scene_of_party(party, now)
        if enrollment.step in enrollment.sends:
            return enrollment.id  # tried before: the slow lane knows what that means
        decision = next_action(scene.campaign, enrollment, scene.situation, now)
        match decision.action:
            case WaitUntil(may_move=False):
                return enrollment.id if decision.enrollment == enrollment else decision.enrollment
            case Finish():
                return finished(decision, now)
            case Notify() | WaitFor() | WaitUntil():
                return enrollment.id
            case SendMessage(step):
                return self._draft(decision.enrollment, step, scene, rules, now)

    def _draft(
        self, enrollment: Enrollment, step: SendStep, scene: Scene, rules: Rules, now: datetime
    ) -> Draft | Enrollment | EnrollmentId:
        if step.label in enrollment.sends:
            return enrollment.id
        if scene.campaign.is_marketing and scene.customer.shares_address:
            return enrollment.id  # its claim asks about the address, and a page has no room for that
        match gate(scene.campaign, step, enrollment, scene.customer, rules, scene.zone, now):
            case Refuse(SkipReason.NO_ADDRESS) | Hold(_, HoldReason.NO_ADDRESS):
                return enrollment.id  # the slow lane looks once more
            case Refuse(reason):
                past = move_on(enrollment.skipping(step.label, reason, now), scene, now)
                return past if past.waiting is None else enrollment.id
            case Hold(until, reason):
                return enrollment.held(reason, until)
            case Pass():
                claim = claim_on(enrollment, step, scene, rules.caps, now)
                past = move_on(claim.enrollment, scene, now)
                if not _may_be_undone(enrollment, past, now) or past.reason == LeaveReason.NO_MOMENT:
                    return enrollment.id
                email = render_message(enrollment, step, scene, self.renderer)
                return Draft(step, replace(claim, enrollment=past), email, enrollment)


def _as_stored(now: datetime) -> datetime:
    """To the millisecond: a claim is known again by its moment."""
    return now - timedelta(microseconds=now.microsecond % 1000)


def _may_be_undone(at_step: Enrollment, past: Enrollment, now: datetime) -> bool:
    """Whether its next step leaves the time to find out that this message did not go.

    Otherwise the next message could go first. What a wait used up could not be told apart later.
    """
    goes_on_at_once = past.is_active and past.due_at is not None and past.due_at <= now
    return not goes_on_at_once and past.consumed == at_step.consumed


def _one_for_each(drafts: Sequence[Draft]) -> tuple[list[Draft], Iterator[EnrollmentId]]:
    """One message for each customer: a second one may meet the cap that the first one filled."""
    first = {draft.claim.customer.id: draft for draft in reversed(drafts)}
    going = [draft for draft in drafts if first[draft.claim.customer.id] is draft]
    return going, (draft.at_step.id for draft in drafts if first[draft.claim.customer.id] is not draft)
