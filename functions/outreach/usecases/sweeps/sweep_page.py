"""Work through a page of due enrollments at once: one read, one claim, one call, one record.

This is the fast lane for what is ordinary. Whatever is not (a claim in doubt, a notice to send, a message
that cannot be rendered, a lost race) is left to `AdvanceEnrollment`, one enrollment at a time. Both ask
the same pure functions, so a customer cannot tell which lane their message took.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from outreach.domain.errors import RestoreUnderWayError, SendUnclearError
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId, HoldReason, LeaveReason, SkipReason
from outreach.domain.journeys.next_action import Finish, Notify, SendMessage, WaitFor, WaitUntil, next_action
from outreach.domain.sending.gate import Hold, Pass, Refuse, Rules, gate, stopped
from outreach.domain.sending.outcomes import MessageOutcome, OutcomeKind, outcomes_of
from outreach.domain.sending.rate_limiter import Permit, Wait
from outreach.domain.sweeps.counts import SweepCounts, outcome_of
from outreach.usecases.journeys.advance import advance_past_step, finished
from outreach.usecases.sending.deliver import Draft
from outreach.usecases.sending.draft_message import claim_on, render_message
from outreach.usecases.sending.permission import permission

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from outreach.domain.journeys.campaign import SendStep
    from outreach.ports.clock import Clock
    from outreach.ports.sending import BulkLedger, RateLimiter, Renderer, SendingStateStore
    from outreach.ports.sweeps import EnrollmentSnapshot, SnapshotReader
    from outreach.usecases.journeys.context import ContextLoader, EnrollmentContext
    from outreach.usecases.sending.preflight import Preflight
    from outreach.usecases.sending.send_page import SendPage

REFUSED_PAUSE = timedelta(minutes=1)
"""The shortest hold of a message that was refused for now; whoever looks then finds longer ones."""
FRESH = timedelta(minutes=1)
"""How old a verdict of the gate may be; what could not go until then is judged anew."""


@dataclass(slots=True)
class Batch:
    """What became of the enrollments of one page; every one of them is in exactly one place."""

    counts: SweepCounts = field(default_factory=SweepCounts)
    """Of those that are done with. As due it counts only what came to be due on top of them."""
    left: tuple[EnrollmentId, ...] = ()
    """For `AdvanceEnrollment`."""
    untouched: tuple[EnrollmentId, ...] = ()
    """There was no time for them: they are due as before."""
    trouble: SendUnclearError | None = None
    """Why some are in doubt."""
    hold: Hold | None = None
    """What holds everyone in the campaign; their rows were not written for it."""
    due_at: dict[EnrollmentId, datetime] = field(default_factory=dict, compare=False)
    """When those are due again that were written here, at the earliest."""
    outcomes: list[MessageOutcome] = field(default_factory=list, compare=False)
    """What became of their messages, one by one; the balance has their sums."""


@dataclass(frozen=True, slots=True)
class Held:
    """One whose message waits for what holds everyone; its row stays as it is, and due."""

    enrollment: Enrollment
    hold: Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepBatch:
    """The use case with its ports."""

    contexts: ContextLoader
    snapshots: SnapshotReader
    renderer: Renderer
    rate_limiter: RateLimiter
    bulk_ledger: BulkLedger
    send_page: SendPage
    state_store: SendingStateStore
    clock: Clock
    patience: timedelta
    """How long it may sleep for a turn; held, a message would wait for the sweep's next look."""

    def __call__(self, shard: int, due: Sequence[EnrollmentId]) -> Batch:
        """Work through at most `LARGEST_PAGE` (of outreach.domain.sending.page) enrollments of one campaign.

        Raises RestoreUnderWayError.
        """
        now, rules, batch = _as_stored(self.clock.now()), self.state_store.rules(), Batch()
        if rules.is_restoring:
            raise RestoreUnderWayError
        snapshots = self.snapshots.read_all(due)
        batch.counts.moved_on = len(due) - len(snapshots)
        found = {snapshot.enrollment.id: snapshot.enrollment for snapshot in snapshots}
        judged = [self._judge_or_leave(snapshot, rules, now) for snapshot in snapshots]
        _hold_all([each for each in judged if isinstance(each, Held)], found, batch)
        left = [each for each in judged if isinstance(each, EnrollmentId)]
        left += self._save([each for each in judged if isinstance(each, Enrollment)], found, batch)
        drafts, second = _one_for_each([each for each in judged if isinstance(each, Draft)])
        left += second
        while drafts and batch.trouble is None and self.clock.now() < now + FRESH:
            match self._permission(drafts):
                case Wait(until, reason) | Hold(until, reason):
                    hold = Hold(until, reason)
                    _hold_all([Held(draft.at_step, hold) for draft in drafts], found, batch)
                    drafts = []
                case permit, go:
                    most = permit.sends if go.outage is None else 1
                    going, drafts = drafts[:most], drafts[most:]
                    done = self.send_page(shard, going, now, permit, go)
                    left += done.lost
                    _note_due(going, done.counts, now, batch)
                    batch.counts.add(done.counts)
                    batch.outcomes += done.outcomes
                    batch.trouble = done.trouble
        batch.left = tuple(left)
        batch.untouched = tuple(draft.at_step.id for draft in drafts)
        return batch

    def _permission(self, drafts: Sequence[Draft]) -> tuple[Permit, Preflight] | Wait | Hold:
        """A turn, and the word that it may be used, which is asked for after the wait for the turn.

        No turn is taken that will not be used: in an outage one message tries, if any.
        """
        rules, first = self.state_store.rules(), drafts[0]  # all are of one campaign
        campaign, is_marketing = first.claim.send_id.campaign, first.email.is_marketing
        hold = stopped(rules, campaign=campaign, is_marketing=is_marketing, now=self.clock.now())
        if hold is not None:
            return hold
        return permission(
            len(drafts),
            campaign=campaign,
            is_marketing=is_marketing,
            rate_limiter=self.rate_limiter,
            state_store=self.state_store,
            clock=self.clock,
            patience=self.patience,
        )

    def _save(
        self, moved: Sequence[Enrollment], found: Mapping[EnrollmentId, Enrollment], batch: Batch
    ) -> Iterable[EnrollmentId]:
        """Gives back those that changed meanwhile."""
        lost = self.bulk_ledger.save_all(moved)
        for each in moved:
            if each.id not in lost:
                if each.due_at is not None:
                    batch.due_at[each.id] = each.due_at
                batch.counts.add(outcome_of(found[each.id], each))
                batch.outcomes += outcomes_of(found[each.id], each)
        return lost

    def _judge_or_leave(
        self, snapshot: EnrollmentSnapshot, rules: Rules, now: datetime
    ) -> Draft | Held | Enrollment | EnrollmentId:
        """One that cannot be judged must not hold up its page: the slow lane tells what is wrong with it."""
        try:
            return self._judge(snapshot, rules, now)
        except Exception:  # noqa: BLE001 - whatever is wrong with one
            return snapshot.enrollment.id

    def _judge(
        self, snapshot: EnrollmentSnapshot, rules: Rules, now: datetime
    ) -> Draft | Held | Enrollment | EnrollmentId:
        """A message to send, an enrollment that moved without one, or one that is left to the slow lane."""
        enrollment = snapshot.enrollment
        if not enrollment.is_active or enrollment.is_unresolved or enrollment.resume is not None:
            return enrollment.id
        context = self.contexts.context_of_snapshot(snapshot, now)
        if enrollment.step in enrollment.sends:
            return enrollment.id  # tried before: the slow lane knows what that means
        decision = next_action(context.campaign, enrollment, context.situation, now)
        match decision.action:
            case WaitUntil(may_move=False):
                return enrollment.id if decision.enrollment == enrollment else decision.enrollment
            case Finish():
                return finished(decision, now)
            case Notify() | WaitFor() | WaitUntil():
                return enrollment.id
            case SendMessage(step):
                return self._draft(decision.enrollment, step, context, rules, now)

    def _draft(
        self, enrollment: Enrollment, step: SendStep, context: EnrollmentContext, rules: Rules, now: datetime
    ) -> Draft | Held | Enrollment | EnrollmentId:
        if step.label in enrollment.sends:
            return enrollment.id
        if context.campaign.is_marketing and context.customer.shares_address:
            return enrollment.id  # its claim asks about the address, and a page has no room for that
        match gate(context.campaign, step, enrollment, context.customer, rules, context.zone, now):
            case Refuse(SkipReason.NO_ADDRESS) | Hold(_, HoldReason.NO_ADDRESS):
                return enrollment.id  # the slow lane looks once more
            case Refuse(reason):
                past = advance_past_step(enrollment.skipping(step.label, reason, now), context, now)
                return past if past.waiting is None else enrollment.id
            case Hold(_, HoldReason.PAUSED) as hold:
                return Held(enrollment, hold)
            case Hold(until, reason):
                return enrollment.held(reason, until)
            case Pass():
                claim = claim_on(enrollment, step, context, rules.caps, now)
                past = advance_past_step(claim.enrollment, context, now)
                if not _may_be_undone(enrollment, past, now) or past.reason == LeaveReason.NO_INSTANT:
                    return enrollment.id
                email = render_message(enrollment, step, context, self.renderer)
                return Draft(step, replace(claim, enrollment=past), email, enrollment)


def _hold_all(held: Sequence[Held], found: Mapping[EnrollmentId, Enrollment], batch: Batch) -> None:
    """Count them as held, and remember the longest hold: it is what holds the others behind them, too."""
    for each in held:
        enrollment = each.enrollment
        was_held = found[enrollment.id].hold is not None and found[enrollment.id].step == enrollment.step
        outcome = MessageOutcome(enrollment.step, OutcomeKind.HELD, each.hold.reason, was_held=was_held)
        batch.counts.held += 1
        batch.outcomes.append(outcome)
        if batch.hold is None or batch.hold.until < each.hold.until:
            batch.hold = each.hold


def _note_due(going: Sequence[Draft], counts: SweepCounts, now: datetime, batch: Batch) -> None:
    """When those are due again that went, or were refused for now: these at the earliest in a minute."""
    for draft in going:
        due_at = now + REFUSED_PAUSE if counts.held else draft.claim.enrollment.due_at
        if due_at is not None:
            batch.due_at[draft.at_step.id] = due_at


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
