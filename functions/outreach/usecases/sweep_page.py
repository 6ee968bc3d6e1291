"""Work through what is due in one shard of a sweep-driven campaign."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from outreach.domain.enrollment import EnrollmentId
from outreach.ports import Clock, Enrollments
from outreach.usecases.advance_enrollment import AdvanceEnrollment

PAGE = 50
"""Enrollments read from the due index at once."""
MOST_FAILURES_IN_A_ROW = 10
"""So many one after another are not the enrollments' fault: go no further, lest every one is spoilt."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one call got done."""

    advanced: int
    failed: dict[str, int] = field(default_factory=dict)
    """Per kind of error, how many enrollments could not be moved; they stay due."""
    more: bool = False
    """Whether time ran out before the work did."""


def sweep_page(
    campaign: str,
    shard: int,
    *,
    enrollments: Enrollments,
    advance: AdvanceEnrollment,
    clock: Clock,
    stop_at: datetime,
    on_failure: Callable[[EnrollmentId, Exception], None],
) -> Page:
    """Advance what is due in one shard until nothing is, or until `stop_at`.

    One enrollment that cannot be moved never holds up the others: `on_failure` is told, it is counted
    and left due. After `MOST_FAILURES_IN_A_ROW` the last of their errors flies.
    """
    failed: Counter[str] = Counter()
    met: set[EnrollmentId] = set()
    advanced = in_a_row = 0
    lingering = 0
    """Met already and still listed: failed ones, and others because the index is a moment behind."""
    while clock.now() < stop_at:
        limit = PAGE + lingering
        due = enrollments.due(campaign, shard, clock.now(), limit)
        fresh = [each for each in due if each not in met]
        if not fresh and len(due) < limit:
            return Page(advanced, dict(failed))
        lingering = len(due) - len(fresh)
        for enrollment_id in fresh:
            if clock.now() >= stop_at:
                break
            met.add(enrollment_id)
            try:
                advance(enrollment_id)
            except Exception as error:  # whatever is wrong with one, the others must go on
                on_failure(enrollment_id, error)
                failed[type(error).__name__] += 1
                in_a_row += 1
                if in_a_row >= MOST_FAILURES_IN_A_ROW:
                    raise
            else:
                advanced += 1
                in_a_row = 0
    return Page(advanced, dict(failed), more=True)
