"""Work through what is due in one shard of a sweep-driven campaign."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from outreach.domain.errors import OutreachError
from outreach.ports import Clock, Enrollments
from outreach.usecases.advance_enrollment import AdvanceEnrollment

if TYPE_CHECKING:
    from outreach.domain.enrollment import EnrollmentId

PAGE = 50
"""Enrollments read from the due index at once."""


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
) -> Page:
    """Advance what is due in one shard until nothing is, or until `stop_at`.

    One enrollment that cannot be moved never holds up the others: it is counted and left due.
    """
    failed: Counter[str] = Counter()
    met: set[EnrollmentId] = set()
    advanced = 0
    while True:
        due = enrollments.due(campaign, shard, clock.now(), PAGE + failed.total())
        fresh = [each for each in due if each not in met]
        if not fresh:
            return Page(advanced, dict(failed))
        for enrollment_id in fresh:
            if clock.now() >= stop_at:
                return Page(advanced, dict(failed), more=True)
            met.add(enrollment_id)
            try:
                advance(enrollment_id)
                advanced += 1
            except OutreachError as error:
                failed[type(error).__name__] += 1
