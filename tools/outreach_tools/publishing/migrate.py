"""Move running enrollments from one version of a campaign's steps to another, by label."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from outreach.domain.errors import ConflictError, UnknownEnrollmentError
from outreach.domain.journeys.campaign import END, Campaign
from outreach.domain.journeys.enrollment import Enrollment
from outreach.domain.sending.send import SendStatus
from outreach.ports.journeys import Enrollments, Workflows
from outreach.usecases.sweeps.arm_wakes import ArmWakes


@dataclass(frozen=True, slots=True)
class Moves:
    """Goes on at the same label, under the new steps."""


@dataclass(frozen=True, slots=True)
class GoesTo:
    """Its label is gone; it goes on at another one."""

    label: str


@dataclass(frozen=True, slots=True)
class Stays:
    """Keeps its old steps."""

    why: str


type Fate = Moves | GoesTo | Stays


@dataclass(frozen=True, slots=True)
class Migration:
    """From which steps to which; `old` is None when they were not stored, `given` maps labels."""

    old: Campaign | None
    new: Campaign
    given: Mapping[str, str]

    def fate(self, enrollment: Enrollment) -> Fate:
        """What happens to one enrollment.

        An enrollment at a removed label goes on after the last earlier step that still exists: one in a wait
        that became longer waits there, and one at a removed message gets the next one. Nothing is sent twice:
        the steps behind it stay passed.
        """
        labels = [step.label for step in self.new.steps]
        if enrollment.resume is not None:
            return Stays("messages are being sent late: run this again when they have been sent")
        send = enrollment.sends.get(enrollment.step)
        if send is not None and send.status is SendStatus.CLAIMED:
            return Stays("a message is on its way right now: run this again")
        if enrollment.step in self.given:
            return GoesTo(self.given[enrollment.step])
        if enrollment.step in labels:
            return Moves()
        if self.old is None:
            return Stays(f"step {enrollment.step} is gone, and so are the old steps: say where with --map")
        before = [step.label for step in self.old.steps]
        if enrollment.step not in before:
            return Stays(f"step {enrollment.step} is in neither version: say where with --map")
        passed = [label for label in before[: before.index(enrollment.step)] if label in labels]
        place = labels.index(passed[-1]) + 1 if passed else 0
        behind = enrollment.sends.keys() | enrollment.skips.keys()
        return GoesTo(next((label for label in labels[place:] if label not in behind), END))

    def moved(self, enrollment: Enrollment, fate: Fate, now: datetime) -> Enrollment:
        """As it stands afterwards. It still counts from when it entered its step: waits do not begin anew."""
        match fate:
            case Stays():
                return enrollment
            case Moves():
                moved = replace(enrollment, bundle=self.new.version)
            case GoesTo(label):
                moved = replace(enrollment, bundle=self.new.version, step=label, hold=None)
        # A sweep looks at once when it is to wait; an execution wakes when it would have.
        return replace(moved, due_at=now) if moved.swept else moved


@dataclass(frozen=True, slots=True)
class Told:
    """One enrollment, and the result."""

    enrollment: Enrollment
    fate: Fate


def apply(
    migration: Migration,
    found: Enrollment,
    *,
    enrollments: Enrollments,
    workflows: Workflows,
    arm: ArmWakes,
    now: datetime,
) -> Told:
    """Move one enrollment, unless it advanced meanwhile: then it is read and judged once more."""
    for attempt in (found, None):
        try:
            enrollment = attempt or enrollments.get(found.id)
            if not enrollment.is_active or enrollment.bundle != found.bundle:
                return Told(enrollment, Stays("it ended or was moved meanwhile"))
            fate = migration.fate(enrollment)
            if not isinstance(fate, Stays):
                arm.of(enrollments.save(migration.moved(enrollment, fate, now)))
                if enrollment.waiting is not None and enrollment.waiting.token is not None:
                    # It is parked until an event of the old steps: wake it to read the new ones.
                    workflows.wake(enrollment.waiting.token)
            return Told(enrollment, fate)
        except (ConflictError, UnknownEnrollmentError):
            continue
    return Told(found, Stays("it changes right now: run this again"))
