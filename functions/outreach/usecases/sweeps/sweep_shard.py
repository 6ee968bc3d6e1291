"""Work through what is due in one shard of a sweep-driven campaign."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import batched
from typing import TYPE_CHECKING

from outreach.domain.errors import RestoreUnderWayError, UnknownCampaignError, UnknownEnrollmentError
from outreach.domain.journeys.enrollment import HoldReason
from outreach.domain.sending.gate import Hold
from outreach.domain.sending.outcomes import MessageOutcome, outcomes_of
from outreach.domain.sending.page import LARGEST_PAGE
from outreach.domain.sending.rendering import TemplateError
from outreach.domain.sweeps.counts import SweepCall, SweepCounts, outcome_of
from outreach.domain.sweeps.wake import HORIZON
from outreach.usecases.journeys.advance_enrollment import RESTORE_RECHECK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from outreach.domain.journeys.enrollment import EnrollmentId
    from outreach.ports.clock import Clock
    from outreach.ports.journeys import Enrollments
    from outreach.ports.sweeps import DueShards, SweepLog
    from outreach.usecases.journeys.advance_enrollment import AdvanceEnrollment
    from outreach.usecases.sweeps.sweep_page import SweepBatch

LOOK_AHEAD = 490
"""Enrollments read from the due index at once: ten pages. The index holds keys only, so they are small."""
HOLDS_OF_EVERYONE = frozenset({HoldReason.PAUSED, HoldReason.PACE, HoldReason.QUOTA})
"""Why an enrollment waits, if the next ones would wait for the same."""
MOST_FAILURES_IN_A_ROW = 10
"""So many one after another, and nobody else of their page went, are hardly the enrollments' fault: go no
further in this page, lest every one is spoilt."""
MOST_TROUBLE_IN_A_ROW = 2
"""So many pages that came to that, or that the e-mail service gave no answer to: go no further at all."""
OWN_FAULTS = (
    UnknownCampaignError, UnknownEnrollmentError, TemplateError,
    LookupError, ValueError, TypeError, ArithmeticError, AttributeError,
)  # fmt: skip
"""What is raised where the code stumbles over what one row says: going on to the next one is safe."""


@dataclass(slots=True)
class Swept:
    """What one call got done."""

    counts: SweepCounts = field(default_factory=SweepCounts)
    errors: Counter[str] = field(default_factory=Counter)
    """Per kind of error, how many enrollments it kept from being moved."""
    more: bool = False
    """Whether time ran out before the work did."""
    hold: Hold | None = field(default=None, compare=False)
    """What holds everyone in the shard: what is due stays due until that is over."""
    found_any: bool = field(default=False, compare=False)
    """Whether the index showed anything due."""
    next_due: datetime | None = field(default=None, compare=False)
    """The first moment at which something is due that this call did not work through, as far as it knows."""
    outcomes: list[MessageOutcome] = field(default_factory=list, compare=False)
    """What became of the messages, one by one; the balance has their sums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPage:
    """The use case with its ports."""

    enrollments: Enrollments
    shards: DueShards
    batch: SweepBatch
    advance: AdvanceEnrollment
    log: SweepLog
    clock: Clock
    on_failure: Callable[[EnrollmentId | None, Exception], None]
    """Told of every error, and of whom; None for a page as a whole."""

    def __call__(self, call: SweepCall, shard: int, *, stop_at: datetime) -> Swept:
        """Work through what is due in one shard until nothing is, or until `stop_at`.

        Enrollments that cannot be moved by their own fault never hold up the others, however many they are:
        they are counted and left due. When so many fail that it cannot be their fault, the last of their
        errors flies. What was done is written into the book in either case; a call that dies leaves its
        beginning there. While the table is being restored, nothing is swept. What holds everyone (a pause,
        an outage, the rate, the quota) ends the call, and no row is written for it.
        """
        swept = Swept()
        self.log.begin(call)
        try:
            self._sweep(call.campaign, shard, swept, stop_at)
        except RestoreUnderWayError:
            swept.hold = Hold(self.clock.now() + RESTORE_RECHECK, HoldReason.PAUSED)
        except Exception:
            self.log.end(call, swept.counts)
            raise
        self.log.end(call, swept.counts)
        return swept

    def _sweep(self, campaign: str, shard: int, swept: Swept, stop_at: datetime) -> None:
        met: set[EnrollmentId] = set()
        written: dict[EnrollmentId, datetime] = {}
        # Met already and still listed: failed ones, and others because the index is a moment behind.
        lingering = 0
        troubled = 0
        while self.clock.now() < stop_at:
            limit = LOOK_AHEAD + lingering
            looked_at = self.clock.now()
            due = self.enrollments.due(campaign, shard, looked_at, limit)
            swept.found_any |= bool(due)
            fresh = [each for each in due if each not in met]
            if not fresh and len(due) < limit:
                first = self.shards.next_due(campaign, shard, looked_at)
                swept.next_due = min((*written.values(), *([] if first is None else [first])), default=None)
                return
            lingering = len(due) - len(fresh)
            for page in batched(fresh, LARGEST_PAGE, strict=False):
                if self.clock.now() >= stop_at:
                    break
                met.update(page)
                swept.counts.due += len(page)
                trouble = self._work_through(shard, page, swept, met, written, stop_at)
                troubled = troubled + 1 if trouble else 0
                if trouble is not None and troubled >= MOST_TROUBLE_IN_A_ROW:
                    raise trouble
                if swept.hold is not None:
                    return
        swept.more = True

    def _work_through(
        self,
        shard: int,
        page: Sequence[EnrollmentId],
        swept: Swept,
        met: set[EnrollmentId],
        written: dict[EnrollmentId, datetime],
        stop_at: datetime,
    ) -> Exception | None:
        """All at once; and those that need it, or all of them when that fails, one by one.

        Gives back the error that left some in doubt, or for which it went no further in this page.
        """
        trouble, others_went = None, False
        try:
            done = self.batch(shard, page)
        except RestoreUnderWayError:
            _give_up(page, swept, met)
            raise
        except Exception as error:  # noqa: BLE001 - one of them may be to blame: find out which
            self.on_failure(None, error)
            left = page
        else:
            swept.counts.add(done.counts)
            swept.outcomes += done.outcomes
            _give_up(done.untouched, swept, met)
            swept.hold = done.hold
            _note(done.due_at, written, self.clock.now())
            left, trouble, others_went = done.left, done.trouble, bool(done.counts.sent)
            if trouble is not None:
                self.on_failure(None, trouble)
        stumbled = self._one_by_one(left, swept, met, written, stop_at, others_went=others_went)
        return trouble or stumbled

    def _one_by_one(
        self,
        left: Sequence[EnrollmentId],
        swept: Swept,
        met: set[EnrollmentId],
        written: dict[EnrollmentId, datetime],
        stop_at: datetime,
        *,
        others_went: bool,
    ) -> Exception | None:
        in_a_row = 0
        for place, enrollment_id in enumerate(left):
            if self.clock.now() >= stop_at:
                _give_up(left[place:], swept, met)
                return None
            try:
                look = self.advance(enrollment_id)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others must go on
                self.on_failure(enrollment_id, error)
                swept.errors[type(error).__name__] += 1
                swept.counts.stuck += 1
                in_a_row += not self._spoils_nothing(enrollment_id, error)
                if in_a_row >= MOST_FAILURES_IN_A_ROW and not others_went:
                    _give_up(left[place + 1 :], swept, met)
                    return error
            else:
                outcome = outcome_of(look.found, look.left)
                swept.counts.add(outcome)
                swept.outcomes += outcomes_of(look.found, look.left)
                in_a_row = 0
                if look.left.is_active and look.left.due_at is not None:
                    _note({enrollment_id: look.left.due_at}, written, self.clock.now())
                    if look.left.hold in HOLDS_OF_EVERYONE:
                        swept.hold = Hold(look.left.due_at, look.left.hold)
                        _give_up(left[place + 1 :], swept, met)
                        return None
        return None

    def _spoils_nothing(self, enrollment_id: EnrollmentId, error: Exception) -> bool:
        """Whether it failed by its own fault, and before any message was claimed."""
        if not isinstance(error, OWN_FAULTS):
            return False
        try:
            return not self.enrollments.get(enrollment_id).is_unresolved
        except OWN_FAULTS:
            return True  # what nobody can read, nobody could claim


def _note(
    due_at: Mapping[EnrollmentId, datetime], written: dict[EnrollmentId, datetime], now: datetime
) -> None:
    """Keep what is due soon: the index may not show it yet when this call looks for what comes next."""
    written.update((each, at) for each, at in due_at.items() if at <= now + HORIZON)


def _give_up(untouched: Sequence[EnrollmentId], swept: Swept, met: set[EnrollmentId]) -> None:
    """There was no time for these: they are due as before, and found again."""
    met.difference_update(untouched)
    swept.counts.due -= len(untouched)
