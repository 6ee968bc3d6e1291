"""When an address is suppressed, and when it is released."""

from collections.abc import Callable
from datetime import timedelta
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from builders import NOW
from outreach.domain.feedback.suppression import (
    SOFT_BOUNCES_IN_A_ROW,
    AddressStatus,
    KnownAddress,
    Suppression,
)
from outreach.domain.intake.customer import SuppressionReason

HARD, COMPLAINT = SuppressionReason.HARD_BOUNCE, SuppressionReason.COMPLAINT


def _soft(status: AddressStatus, *days: int) -> AddressStatus:
    """Messages sent on those days bounced softly."""
    return reduce(lambda it, day: it.soft_bounced(f"ses-{day}", NOW + timedelta(days=day)), days, status)


def test_nothing_speaks_against_a_new_address() -> None:
    assert AddressStatus().suppression is None


def test_one_hard_bounce_suppresses() -> None:
    status = AddressStatus().marked(HARD, NOW, "feedback")

    assert status.suppression == Suppression(HARD, NOW, "feedback")


def test_a_complaint_weighs_more_than_anything_else() -> None:
    both = (
        AddressStatus().marked(COMPLAINT, NOW, "feedback").marked(HARD, NOW + timedelta(days=1), "feedback")
    )

    assert both.reason is COMPLAINT


def test_five_soft_bounces_in_a_row_suppress_and_four_do_not() -> None:
    assert _soft(AddressStatus(), 1, 2, 3, 4).suppression is None
    assert _soft(AddressStatus(), 1, 2, 3, 4, 5).suppression == Suppression(
        SuppressionReason.SOFT_BOUNCES, NOW + timedelta(days=5), "feedback"
    )


def test_the_same_soft_bounce_counts_once() -> None:
    assert _soft(AddressStatus(), 1, 1, 2, 2, 3, 3, 4, 4).suppression is None


def test_a_delivery_in_between_starts_the_row_anew() -> None:
    status = _soft(_soft(AddressStatus(), 1, 2, 3, 4).delivered(NOW + timedelta(days=5)), 6, 7, 8, 9)

    assert status.suppression is None
    assert _soft(status, 10).reason is SuppressionReason.SOFT_BOUNCES


def test_a_delivery_that_is_reported_late_breaks_the_row_after_all() -> None:
    suppressed = _soft(AddressStatus(), 1, 2, 3, 5, 6)

    assert suppressed.delivered(NOW + timedelta(days=4)).suppression is None


def test_a_message_that_bounced_softly_and_then_arrived_did_not_bounce() -> None:
    assert _soft(AddressStatus(), 1).delivered(NOW + timedelta(days=1)).soft == {}


def test_lifting_frees_from_everything_that_was_and_nothing_that_comes() -> None:
    suppressed = _soft(AddressStatus(), 1, 2, 3, 4, 5).marked(HARD, NOW, "feedback")
    free = suppressed.lifted(NOW + timedelta(days=6))

    assert free.suppression is None
    assert free.marked(HARD, NOW, "feedback").suppression is None
    assert free.marked(HARD, NOW + timedelta(days=7), "feedback").reason is HARD


def test_an_event_goes_out_when_whether_or_why_changes_and_not_otherwise() -> None:
    known = KnownAddress("hash")
    one = known.reported(_soft(AddressStatus(), 1))
    suppressed = one.reported(one.status.marked(HARD, NOW, "feedback"))
    again = suppressed.reported(suppressed.status.marked(HARD, NOW + timedelta(days=1), "feedback"))
    complained = again.reported(again.status.marked(COMPLAINT, NOW, "feedback"))
    free = complained.reported(complained.status.lifted(NOW + timedelta(days=2)))

    assert [each.changes for each in (one, suppressed, again, complained, free)] == [0, 1, 1, 2, 3]


type Change = Callable[[AddressStatus], AddressStatus]
_moments = st.integers(0, 12).map(lambda day: NOW + timedelta(days=day))
_changes: st.SearchStrategy[Change] = st.one_of(
    st.builds(lambda at: lambda it: it.soft_bounced(f"ses-{at.day}", at), _moments),
    st.builds(lambda at: lambda it: it.delivered(at), _moments),
    st.builds(
        lambda reason, at: lambda it: it.marked(reason, at, "feedback"),
        st.sampled_from([HARD, COMPLAINT]),
        _moments,
    ),
    st.builds(lambda at: lambda it: it.lifted(at), _moments),
)


@given(
    st.lists(_changes, max_size=14).flatmap(
        lambda reported: st.tuples(st.permutations(reported), st.permutations([*reported, *reported[:4]]))
    )
)
def test_order_and_repetition_do_not_matter(reported: tuple[list[Change], list[Change]]) -> None:
    one, other = (reduce(lambda it, change: change(it), each, AddressStatus()) for each in reported)

    assert one == other
    assert len(one.soft) <= SOFT_BOUNCES_IN_A_ROW


def test_an_opt_out_suppresses_nothing_and_only_the_newest_counts() -> None:
    status = AddressStatus().opted_out(NOW).opted_out(NOW - timedelta(days=1))

    assert (status.suppression, status.opted_out_at) == (None, NOW)
    assert status.lifted(NOW + timedelta(days=1)).opted_out_at == NOW
