"""Failed journeys are restarted, unless they are over or failed too often."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from builders import NOW, an_enrollment
from fakes import FakeClock, FakeTable
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId, EnrollmentStatus, LeaveReason
from outreach.ports.operations import FailedExecution, Successor
from outreach.usecases.operations.restart_journeys import Restarted, RestartJourneys

LATER = NOW + timedelta(minutes=5)
LONG_AGO = NOW - timedelta(days=3)


@dataclass
class Failures:
    """What failed, and how often each was restarted."""

    clock: FakeClock
    found: list[FailedExecution]
    begun: dict[str, int] = field(default_factory=dict)
    takes: timedelta = timedelta(0)
    """How long one takes."""
    names: frozenset[str] = frozenset()
    """Of executions that run."""

    def failed(self, stop_at: datetime) -> list[FailedExecution]:
        assert stop_at == LATER
        return self.found

    def running(self) -> frozenset[str]:
        return self.names

    def begin_again(self, failed: FailedExecution) -> Successor:
        self.clock.advance(self.takes)
        if failed.name.startswith("hopeless"):
            return Successor.NO_MORE
        self.begun[failed.name] = self.begun.get(failed.name, 0) + 1
        return Successor.STARTED if self.begun[failed.name] == 1 else Successor.HAD_ONE


def watch(
    *failed: FailedExecution,
    table: FakeTable,
    takes: timedelta = timedelta(0),
    running: frozenset[str] = frozenset(),
) -> Restarted:
    clock = FakeClock()
    executions = Failures(clock, list(failed), takes=takes, names=running)
    return RestartJourneys(executions=executions, enrollments=table, customers=table, clock=clock)(LATER)


def a_failure(
    name: str = "journey", customer_id: str = "c-ana", run: int = 1, at: datetime = LONG_AGO
) -> FailedExecution:
    return FailedExecution(name, an_enrollment(customer_id=customer_id).id, run, at)


def test_one_that_goes_on_is_begun_again_once() -> None:
    table = FakeTable()
    table.save(an_enrollment())

    assert watch(a_failure(), a_failure(), table=table) == Restarted(begun_again=1, stuck=0)


def test_one_that_is_over_or_gone_or_replaced_or_swept_is_left_alone() -> None:
    table = FakeTable()
    table.save(an_enrollment(customer_id="c-left").ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, NOW))
    table.save(an_enrollment(customer_id="c-new", run=2))
    table.save(an_enrollment(customer_id="c-swept", swept=True))
    customers = ["c-left", "c-new", "c-swept", "c-nobody"]

    failed = [a_failure(customer_id=each) for each in customers]

    assert watch(*failed, table=table) == Restarted(begun_again=0, stuck=0)


def test_one_that_failed_as_often_as_it_may_is_counted_as_stuck() -> None:
    table = FakeTable()
    table.save(an_enrollment())

    assert watch(a_failure("hopeless"), table=table) == Restarted(begun_again=0, stuck=1)


def test_one_that_was_begun_anew_since_is_stuck_no_more() -> None:
    table = FakeTable()
    enrollment = table.save(an_enrollment())
    other = table.save(an_enrollment(customer_id="c-bo"))
    failed = [a_failure("hopeless"), a_failure("hopeless too", customer_id="c-bo")]

    running = frozenset({enrollment.execution_name})
    assert watch(*failed, table=table, running=running) == Restarted(begun_again=0, stuck=1)
    running |= {other.execution_name}
    assert watch(*failed, table=table, running=running) == Restarted(begun_again=0, stuck=0)


def test_one_that_failed_as_often_again_after_it_was_begun_anew_is_stuck_once() -> None:
    table = FakeTable()
    table.save(an_enrollment())

    found = watch(a_failure("hopeless"), a_failure("hopeless again"), table=table)

    assert found == Restarted(begun_again=0, stuck=1)


def test_it_stops_in_time_however_many_there_are() -> None:
    table = FakeTable()
    table.save(an_enrollment())
    failed = [a_failure(f"journey-{number}") for number in range(100)]

    assert watch(*failed, table=table, takes=timedelta(minutes=1)).begun_again == 5


class BrokenRow(FakeTable):
    """One row has invalid content."""

    def get(self, enrollment_id: EnrollmentId) -> Enrollment:
        if enrollment_id.customer_id == "c-broken":
            raise KeyError("facts")
        return super().get(enrollment_id)


def test_a_row_that_cannot_be_read_is_stuck_and_blocks_no_other() -> None:
    table = BrokenRow()
    table.save(an_enrollment())

    found = watch(a_failure("broken", customer_id="c-broken"), a_failure(), table=table)

    assert (found.begun_again, found.stuck) == (1, 1)


def test_what_failed_lately_and_goes_on_is_failing() -> None:
    table = FakeTable()
    for customer_id in ("c-ana", "c-bo", "c-cy"):
        table.save(an_enrollment(customer_id=customer_id))
    lately = NOW - timedelta(hours=11)

    found = watch(
        a_failure("journey", at=lately),
        a_failure("journey", at=lately),
        a_failure("hopeless", customer_id="c-bo", at=lately),
        a_failure("old", customer_id="c-cy"),
        table=table,
    )

    assert (found.failing, found.stuck) == (1, 1)
