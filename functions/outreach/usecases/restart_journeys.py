"""Begin again the journeys whose executions failed or were stopped, so that nobody is stuck half-way."""

from dataclasses import dataclass
from datetime import datetime

from outreach.domain.errors import UnknownEnrollment
from outreach.ports import Clock, Enrollments, Executions, FailedExecution, Successor


@dataclass(frozen=True, slots=True)
class Restarted:
    """What one call came to."""

    begun_again: int
    stuck: int
    """Enrollments that failed as often as they may: a person must look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartJourneys:
    """The use case with its ports. Doing it again does no harm: a successor is started once."""

    executions: Executions
    enrollments: Enrollments
    clock: Clock

    def __call__(self, stop_at: datetime) -> Restarted:
        """Look at executions that ended without finishing, until `stop_at`.

        Those whose enrollment goes on get a successor; of whoever left, nothing goes on. They come in
        another order each time, so in the end all are looked at, however many there are.
        """
        begun_again = stuck = 0
        for failed in self.executions.failed(stop_at):
            if self.clock.now() >= stop_at:
                break
            if not self._goes_on(failed):
                continue
            match self.executions.begin_again(failed):
                case Successor.STARTED:
                    begun_again += 1
                case Successor.NO_MORE:
                    stuck += 1
                case Successor.HAD_ONE:
                    continue
        return Restarted(begun_again, stuck)

    def _goes_on(self, failed: FailedExecution) -> bool:
        try:
            enrollment = self.enrollments.get(failed.enrollment_id)
        except UnknownEnrollment:
            return False
        return enrollment.is_active and enrollment.run == failed.run and not enrollment.swept
