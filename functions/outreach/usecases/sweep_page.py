"""Work through what is due in one shard of a sweep-driven campaign."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched

from outreach.domain.enrollment import EnrollmentId
from outreach.domain.errors import UnknownCampaign
from outreach.domain.page import LARGEST_PAGE
from outreach.ports import Clock, Enrollments
from outreach.usecases.advance_enrollment import AdvanceEnrollment
from outreach.usecases.sweep_batch import SweepBatch

LOOK_AHEAD = 490
"""Enrollments read from the due index at once: ten pages. The index holds keys only, so they are small."""
MOST_FAILURES_IN_A_ROW = 10
"""So many one after another are not the enrollments' fault: go no further, lest every one is spoilt."""
MOST_TROUBLE_IN_A_ROW = 2
"""The same for pages that the e-mail service gave no answer to."""


@dataclass(slots=True)
class Swept:
    """What one call got done; every enrollment it met is in exactly one of the numbers."""

    sent: int = 0
    not_taken: int = 0
    """The e-mail service refused them; each has its reason on record."""
    in_doubt: int = 0
    """Nobody knows yet whether they went; the watch finds out."""
    moved: int = 0
    """Skipped, held, on to another wait, or advanced one by one."""
    failed: Counter[str] = field(default_factory=Counter)
    """Per kind of error, how many enrollments could not be moved; they stay due."""
    more: bool = False
    """Whether time ran out before the work did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPage:
    """The use case with its ports."""

    enrollments: Enrollments
    batch: SweepBatch
    advance: AdvanceEnrollment
    clock: Clock
    on_failure: Callable[[EnrollmentId | None, Exception], None]
    """Told of every error, and of whom; None for a page as a whole."""

    def __call__(self, campaign: str, shard: int, *, stop_at: datetime) -> Swept:
        """Work through what is due in one shard until nothing is, or until `stop_at`.

        One enrollment that cannot be moved never holds up the others: it is counted and left due. When so
        many fail that it cannot be their fault, the last of their errors flies.
        """
        swept = Swept()
        met: set[EnrollmentId] = set()
        # Met already and still listed: failed ones, and others because the index is a moment behind.
        lingering = 0
        troubled = 0
        while self.clock.now() < stop_at:
            limit = LOOK_AHEAD + lingering
            due = self.enrollments.due(campaign, shard, self.clock.now(), limit)
            fresh = [each for each in due if each not in met]
            if not fresh and len(due) < limit:
                return swept
            lingering = len(due) - len(fresh)
            for page in batched(fresh, LARGEST_PAGE, strict=False):
                if self.clock.now() >= stop_at:
                    break
                met.update(page)
                trouble = self._work_through(shard, page, swept, met, stop_at)
                troubled = troubled + 1 if trouble else 0
                if trouble is not None and troubled >= MOST_TROUBLE_IN_A_ROW:
                    raise trouble
        swept.more = True
        return swept

    def _work_through(
        self,
        shard: int,
        page: Sequence[EnrollmentId],
        swept: Swept,
        met: set[EnrollmentId],
        stop_at: datetime,
    ) -> Exception | None:
        """All at once; and those that need it, or all of them when that fails, one by one.

        Gives back the error that left some in doubt.
        """
        trouble = None
        try:
            done = self.batch(shard, page)
        except Exception as error:  # noqa: BLE001 - one of them may be to blame: find out which
            self.on_failure(None, error)
            left = page
        else:
            swept.sent += done.sent
            swept.not_taken += done.not_taken
            swept.in_doubt += done.in_doubt
            swept.moved += done.moved
            met.difference_update(done.untouched)
            left, trouble = done.left, done.trouble
            if trouble is not None:
                self.on_failure(None, trouble)
        self._one_by_one(left, swept, met, stop_at)
        return trouble

    def _one_by_one(
        self, left: Sequence[EnrollmentId], swept: Swept, met: set[EnrollmentId], stop_at: datetime
    ) -> None:
        in_a_row = 0
        for place, enrollment_id in enumerate(left):
            if self.clock.now() >= stop_at:
                met.difference_update(left[place:])
                return
            try:
                self.advance(enrollment_id)
            except UnknownCampaign as error:  # certainly its own fault, and nothing is spoilt
                self.on_failure(enrollment_id, error)
                swept.failed[type(error).__name__] += 1
            except Exception as error:  # whatever is wrong with one, the others must go on
                self.on_failure(enrollment_id, error)
                swept.failed[type(error).__name__] += 1
                in_a_row += 1
                if in_a_row >= MOST_FAILURES_IN_A_ROW:
                    raise
            else:
                swept.moved += 1
                in_a_row = 0
