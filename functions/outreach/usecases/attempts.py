"""Attempts at changes that race, each a little later than the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.domain.back_off import pause_after
from outreach.domain.errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from outreach.domain.journeys.enrollment import Enrollment
    from outreach.ports.clock import Clock
    from outreach.ports.journeys import Enrollments

ATTEMPTS = 5
"""How often a lost race is tried again before the queue's own retry, or an operator's, takes over."""


def attempts(clock: Clock, whose: str, most: int = ATTEMPTS) -> Iterator[int]:
    """From 1 to `most`; it waits before each but the first. `whose` distinguishes rivals."""
    for attempt in range(1, most + 1):
        if attempt > 1:
            clock.sleep(pause_after(attempt - 1, whose))
        yield attempt


def save_newest(
    change: Callable[[Enrollment], Enrollment],
    enrollment: Enrollment,
    *,
    enrollments: Enrollments,
    clock: Clock,
) -> Enrollment:
    """What `change` stores of the enrollment; after a lost race it is given the newest row.

    Raises the ConflictError of the last attempt.
    """
    newest = iter((enrollment,))
    return retry_on_conflict(
        lambda: change(next(newest, None) or enrollments.get(enrollment.id)),
        clock=clock,
        whose=enrollment.id.customer_id,
    )


def retry_on_conflict[Result](
    action: Callable[[], Result],
    *,
    clock: Clock,
    whose: str,
    most: int = ATTEMPTS,
    until: datetime | None = None,
) -> Result:
    """The result of the first attempt that loses no race; `action` reads, decides and writes anew each time.

    Raises the ConflictError of the last of `most` attempts, or of the first that fails after `until`. Nothing
    else is tried again.
    """
    for attempt in attempts(clock, whose, most):
        try:
            return action()
        except ConflictError:
            if attempt == most or (until is not None and clock.now() >= until):
                raise
    raise ValueError(f"{most} attempts: at least one is needed")
