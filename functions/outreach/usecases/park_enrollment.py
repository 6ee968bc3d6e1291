"""Leave a wake-up token with an enrollment that waits for an event."""

from dataclasses import dataclass, replace

from outreach.domain.decision import WaitFor, next_action
from outreach.domain.enrollment import Enrollment, EnrollmentId
from outreach.domain.errors import Conflict
from outreach.ports import Clock, Enrollments, Workflows
from outreach.usecases.advance_enrollment import ATTEMPTS, AdvanceEnrollment


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkEnrollment:
    """The use case with its ports."""

    advance: AdvanceEnrollment
    enrollments: Enrollments
    workflows: Workflows
    clock: Clock

    def __call__(self, enrollment_id: EnrollmentId, run: int, token: str) -> bool:
        """Store the token, or wake at once when there is nothing to wait for any more.

        Says whether it is parked. The event may come between the decision to wait and this call, or
        during it: intake stores the event first and looks for a token after; here the token is stored
        first and the event looked for after. So one of the two always sees the other.
        """
        for _ in range(ATTEMPTS):
            enrollment = self.enrollments.get(enrollment_id)
            if not self._waits(enrollment, run):
                break
            try:
                self._store(enrollment, token)
            except Conflict:
                continue
            if self._waits(self.enrollments.get(enrollment_id), run):
                return True
            break
        self.workflows.wake(token)
        return False

    def _store(self, enrollment: Enrollment, token: str) -> None:
        if enrollment.waiting is None:
            raise Conflict("the enrollment does not wait for an event")
        self.enrollments.save(replace(enrollment, waiting=replace(enrollment.waiting, token=token)))

    def _waits(self, enrollment: Enrollment, run: int) -> bool:
        if enrollment.run != run or not enrollment.is_active or enrollment.waiting is None:
            return False
        now = self.clock.now()
        scene = self.advance.scene(enrollment, now)
        return isinstance(next_action(scene.campaign, enrollment, scene.situation, now).action, WaitFor)
