"""Keys are unambiguous whatever characters ids hold, and too long ids are refused by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.adapters.dynamodb import keys
from outreach.domain.journeys.enrollment import EnrollmentId

IDS = st.builds(EnrollmentId, *[st.text("a#%25 3é", min_size=1, max_size=6)] * 3)


@given(IDS, IDS)
def test_different_enrollments_have_different_keys(one: EnrollmentId, other: EnrollmentId) -> None:
    assert (keys.enrollment(one) == keys.enrollment(other)) == (one == other)


@given(IDS)
def test_a_key_says_which_enrollment_it_is_of(enrollment_id: EnrollmentId) -> None:
    assert keys.enrollment_id(keys.enrollment(enrollment_id)) == enrollment_id


def test_runs_sort_by_number() -> None:
    ids = EnrollmentId("c", "win-back", "c")

    assert keys.run(ids, 2)["SK"]["S"] < keys.run(ids, 10)["SK"]["S"]


def test_a_run_is_not_among_the_enrollments() -> None:
    assert not keys.run(EnrollmentId("c", "win-back", "c"), 1)["SK"]["S"].startswith(keys.ENROLLMENTS)


@pytest.mark.parametrize(("customer_id", "order_id"), [("c" * 2040, "o"), ("c", "é" * 510)])
def test_ids_longer_than_a_key_may_be_are_refused_by_what_they_are_of(
    customer_id: str, order_id: str
) -> None:
    with pytest.raises(keys.KeyTooLongError, match="order row"):
        keys.order(customer_id, order_id)
