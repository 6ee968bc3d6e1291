"""What a look of a sweep at one enrollment came to."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, an_enrollment
from outreach.domain.enrollment import HoldReason, SkipReason
from outreach.domain.sends import Send, SendStatus
from outreach.domain.sweep import Balance, came_to


def a_look(status: SendStatus | None, *, skip: SkipReason | None, held: bool) -> Balance:
    found = an_enrollment(sends={"before": Send("before", SendStatus.SENT, NOW)})
    left = found
    if status is not None:
        left = left.with_send("letter", Send("letter", status, NOW))
    if skip is not None:
        left = left.skipping("other", skip, NOW)
    if held:
        left = left.held(HoldReason.CAP, NOW + timedelta(hours=1))
    return came_to(found, left)


@given(
    st.none() | st.sampled_from(SendStatus),
    st.none() | st.sampled_from(SkipReason),
    st.booleans(),
)
def test_every_look_came_to_something(status: SendStatus | None, skip: SkipReason | None, held: bool) -> None:
    assert a_look(status, skip=skip, held=held).accounted >= 1


@pytest.mark.parametrize(
    ("status", "skip", "held", "expected"),
    [
        (SendStatus.SENT, None, False, Balance(sent=1)),
        (SendStatus.DELIVERED, None, False, Balance(sent=1)),
        (SendStatus.SENT, None, True, Balance(due=1, sent=1, held=1)),
        (SendStatus.FAILED, None, False, Balance(failed=1)),
        (SendStatus.UNKNOWN, None, False, Balance(failed=1)),
        (SendStatus.CLAIMED, None, False, Balance(in_doubt=1)),
        (SendStatus.DEFERRED, None, True, Balance(held=1)),
        (None, SkipReason.HOLDOUT, False, Balance(skipped=1)),
        (None, SkipReason.CONDITION, False, Balance(moved_on=1)),
        (None, SkipReason.EXPRESSION_FAILED, True, Balance(held=1)),
        (None, SkipReason.HOLDOUT, True, Balance(due=1, skipped=1, held=1)),
        (None, None, True, Balance(held=1)),
        (None, None, False, Balance(moved_on=1)),
    ],
)
def test_what_a_look_came_to(
    status: SendStatus | None, skip: SkipReason | None, held: bool, expected: Balance
) -> None:
    assert a_look(status, skip=skip, held=held) == expected
