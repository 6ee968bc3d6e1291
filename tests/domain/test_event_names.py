"""A name that no campaign uses is reported, with the name that was probably meant."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_campaign
from outreach.domain.intake.event_names import MOST_SLIPS, names_asked_for, suggested_name, unasked_name
from outreach.domain.journeys.campaign import ALWAYS, Goal, WaitForStep

CAMPAIGN = a_campaign(
    trigger="cart.left",
    goal=Goal("coupon.redeemed", timedelta(days=3)),
    exit_on=("cart.emptied",),
    steps=(WaitForStep("wait", ALWAYS, "cart.reopened", up_to=timedelta(days=1)),),
)
ASKED = names_asked_for([CAMPAIGN])


@pytest.mark.parametrize(
    "name",
    [
        "cart.left",
        "coupon.redeemed",
        "cart.emptied",
        "cart.reopened",
        "customer.signed_up",
        "customer.unsubscribed",
        "customer.suppressed",
    ],
)
def test_triggers_goals_exits_waits_and_standard_names_are_asked_for(name: str) -> None:
    assert unasked_name(name, ASKED) is None


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("customer.sign_up", "customer.signed_up"),
        ("customer.signedup", "customer.signed_up"),
        ("order.deliverd", "order.delivered"),
        ("order.palced", "order.placed"),
        ("cart.reopend", "cart.reopened"),
    ],
)
def test_a_name_within_two_characters_of_one_that_is_asked_for_is_reported_with_it(
    name: str, meant: str
) -> None:
    assert unasked_name(name, ASKED) == f"no campaign asks for `{name}`; did you mean `{meant}`?"


def test_a_name_of_the_shops_own_is_reported_without_a_guess() -> None:
    assert unasked_name("review.written", ASKED) == "no campaign asks for `review.written`"


def test_the_fewest_slips_win() -> None:
    assert suggested_name("cart.lefd", ["cart.lent", "cart.left"]) == "cart.left"


def test_without_any_known_name_nothing_is_guessed() -> None:
    assert suggested_name("a.b", []) is None


@given(st.text("ab.", max_size=8), st.text("ab.", max_size=8))
def test_the_distance_is_symmetric_and_at_most_two(one: str, other: str) -> None:
    near = suggested_name(one, [other]) is not None

    assert near == (suggested_name(other, [one]) is not None)
    if near:
        assert abs(len(one) - len(other)) <= MOST_SLIPS


@given(st.text("abc", min_size=2, max_size=12), st.data())
def test_any_two_changed_letters_are_found(name: str, data: st.DataObject) -> None:
    changed = list(name)
    for _ in range(MOST_SLIPS):
        changed[data.draw(st.integers(0, len(name) - 1))] = data.draw(st.sampled_from("abcz"))

    assert suggested_name("".join(changed), [name]) == name
