"""Which failures of a journey count against it, and when the reconciler looks again while something fails."""

from datetime import datetime, timedelta

import pytest

from builders import NOW
from outreach.domain.operations.journey_restarts import Failure, Failures, next_look


def failure(name: str, hours: float, chain: str | None = None) -> Failure:
    return Failure(NOW + timedelta(hours=hours), chain or name, name)


@pytest.mark.parametrize(
    ("others", "own"),
    [
        ([], 1),
        ([("bo", 0)], 1),
        ([("bo", 0), ("bo", 1)], 1),
        ([("bo", 0), ("cy", 0)], 0),
        ([("bo", -6), ("cy", 6)], 0),
        ([("bo", -6), ("cy", 6.1)], 1),
        ([("ana", 0), ("ana", 1), ("bo", 2)], 1),
    ],
)
def test_a_failure_is_its_own_unless_two_other_enrollments_failed_within_hours_of_it(
    others: list[tuple[str, float]], own: int
) -> None:
    failures = Failures([failure("ana", 0, "ana-r1"), *(failure(name, hours) for name, hours in others)])

    assert failures.own("ana-r1") == own


def test_each_chain_of_an_enrollment_is_counted_by_itself() -> None:
    failures = Failures([failure("ana", 0), failure("ana", 24), failure("ana", 48, "ana-r1")])

    assert (failures.own("ana"), failures.own("ana-r1"), failures.own("bo")) == (2, 1, 0)


def test_thousands_that_fail_together_are_compared_in_no_time() -> None:
    """Each asks as few others as it needs."""
    failures = Failures(failure(f"c-{number}", number / 10_000) for number in range(20_000))

    assert {failures.own(f"c-{number}") for number in range(20_000)} == {0}


@pytest.mark.parametrize(
    ("now", "at"), [("09:00", "10:00"), ("09:29", "10:00"), ("09:30", "11:00"), ("23:45", "01:00")]
)
def test_the_next_look_is_at_a_full_hour_half_an_hour_away_at_least(now: str, at: str) -> None:
    hour, minute = map(int, now.split(":"))
    instant = NOW.replace(hour=hour, minute=minute, second=7)

    found: datetime = next_look(instant)

    assert f"{found:%H:%M}" == at
    assert timedelta(minutes=29) < found - instant <= timedelta(minutes=90)
