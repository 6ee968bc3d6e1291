"""The result of one look at an enrollment, and what the enrollment waits for now."""

from dataclasses import dataclass
from datetime import datetime

from outreach.domain.journeys.enrollment import Enrollment, EnrollmentStatus


@dataclass(frozen=True, slots=True)
class Waits:
    """Nothing to do before this time."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Parks:
    """Nothing to do before an event, an address, a changed date or, without one, this time."""

    event: str | None
    """None for a date."""
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Over:
    """The enrollment has ended."""

    status: EnrollmentStatus
    reason: str | None


type Progress = Waits | Parks | Over


@dataclass(frozen=True, slots=True)
class Look:
    """One look at an enrollment."""

    found: Enrollment
    left: Enrollment
    progress: Progress
