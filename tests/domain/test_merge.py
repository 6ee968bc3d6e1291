"""What producers report adds up to the same profile, in whatever order it arrives."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, an_event
from outreach.domain.intake.customer import Consent, Customer
from outreach.domain.intake.event import (
    FEATURE_USED,
    ORDER_DELAYED,
    ORDER_PLACED,
    CustomerMention,
    Event,
    OrderMention,
)
from outreach.domain.intake.merge import REMEMBERED_EVENT_NAMES, merge_customer, merge_order
from outreach.domain.intake.order import Order, OrderItem

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def said(after: timedelta = timedelta(0), *, consent: Consent | None = None, **fields: str) -> Event:
    return an_event(
        "customer.updated",
        occurred_at=NOW + after,
        customer=CustomerMention("c-ana", fields=fields, consent=consent),
    )


def ordered(name: str, after: timedelta = timedelta(0), **fields: object) -> Event:
    return an_event(name, occurred_at=NOW + after, order=OrderMention("o-1", fields))


def known(*events: Event) -> Customer:
    return reduce(merge_customer, events, Customer("c-ana"))


def order_after(*events: Event) -> Order:
    return reduce(merge_order, events, Order("o-1"))


class TestACustomer:
    def test_a_field_that_is_not_mentioned_stays(self) -> None:
        customer = known(said(first_name="Ana", email="ana@example.com"), said(HOUR, first_name="Anna"))

        assert (customer.profile.first_name, customer.profile.email) == ("Anna", "ana@example.com")

    def test_an_older_event_fills_gaps_and_undoes_nothing(self) -> None:
        customer = known(said(DAY, first_name="Anna"), said(first_name="Ana", last_name="García"))

        assert (customer.profile.first_name, customer.profile.last_name) == ("Anna", "García")

    def test_attributes_have_an_age_each(self) -> None:
        def told(after: timedelta, **attributes: bool) -> Event:
            return an_event(occurred_at=NOW + after, customer=CustomerMention("c-ana", attributes=attributes))

        customer = known(told(DAY, profile_complete=True), told(HOUR, profile_complete=False, vip=True))

        assert customer.profile.attributes == {"profile_complete": True, "vip": True}

    def test_consent_is_the_newest_word_about_it_whenever_it_arrives(self) -> None:
        no = Consent(marketing=False, at=NOW + DAY, source="preferences")
        yes = Consent(marketing=True, at=NOW, source="checkout")

        assert known(said(consent=no), said(2 * DAY, consent=yes)).consent == no
        assert known(said(2 * DAY, consent=yes), said(consent=no)).consent == no

    @pytest.mark.parametrize("no_came_from", ["unsubscribe", "complaint", "account"])
    def test_a_yes_that_an_order_only_repeats_never_replaces_a_no(self, no_came_from: str) -> None:
        no = Consent(marketing=False, at=NOW, source=no_came_from)
        repeated = Consent(marketing=True, at=NOW + DAY, source="checkout", dated=False)

        assert known(said(consent=no), said(DAY, consent=repeated)).consent == no
        assert known(said(DAY, consent=repeated), said(consent=no)).consent == no

    def test_a_yes_that_was_really_said_after_the_no_brings_marketing_back(self) -> None:
        no = Consent(marketing=False, at=NOW, source="unsubscribe")
        yes = Consent(marketing=True, at=NOW + DAY, source="account")

        assert known(said(consent=no), said(DAY, consent=yes)).consent == yes

    def test_a_yes_without_a_time_of_its_own_is_a_yes_while_there_is_no_other_consent(self) -> None:
        yes = Consent(marketing=True, at=NOW, source="checkout", dated=False)

        assert known(said(consent=yes)).wants_marketing

    @given(st.permutations(range(4)))
    def test_consent_comes_out_the_same_in_whatever_order_its_words_arrive(self, order: list[int]) -> None:
        words = (
            Consent(marketing=True, at=NOW, source="account"),
            Consent(marketing=False, at=NOW - DAY, source="unsubscribe"),
            Consent(marketing=True, at=NOW + DAY, source="checkout", dated=False),
            Consent(marketing=True, at=NOW - 2 * DAY, source="checkout", dated=False),
        )

        assert known(*(said(consent=words[place]) for place in order)).consent == words[0]

    def test_of_a_yes_and_a_no_at_the_same_instant_the_no_counts(self) -> None:
        yes, no = Consent(marketing=True, at=NOW), Consent(marketing=False, at=NOW)

        assert not known(said(consent=yes), said(consent=no)).wants_marketing
        assert not known(said(consent=no), said(consent=yes)).wants_marketing

    def test_without_a_word_about_consent_there_is_none(self) -> None:
        assert not known(said(first_name="Ana")).wants_marketing

    def test_features_used_gather_per_product_line(self) -> None:
        def used(line: object, feature: object) -> Event:
            return an_event(FEATURE_USED, properties={"product_line": line, "feature": feature})

        customer = known(
            used("oven", "steam"), used("oven", "pizza_stone"), used("oven", "steam"), used(1, "x")
        )

        assert customer.features_used == {"oven": ("pizza_stone", "steam")}

    def test_the_newest_time_of_each_event_is_remembered_and_the_row_stays_small(self) -> None:
        many = [an_event(f"shop.visited_{n}", occurred_at=NOW + n * HOUR) for n in range(60)]

        seen = known(*many, *many[:10]).seen

        assert len(seen) == REMEMBERED_EVENT_NAMES
        assert set(seen) == {each.name for each in many[-REMEMBERED_EVENT_NAMES:]}


class TestAnOrder:
    def test_the_events_name_says_the_status_unless_its_body_does(self) -> None:
        assert order_after(ordered("order.shipped")).status == "shipped"
        assert order_after(ordered("order.shipped", status="on its way")).status == "on its way"
        assert order_after(ordered("order.refunded")).status is None

    def test_a_late_older_status_changes_nothing(self) -> None:
        assert order_after(ordered("order.delivered", DAY), ordered("order.placed")).status == "delivered"

    @pytest.mark.parametrize("permit", [1, -1])
    def test_of_two_statuses_at_the_same_instant_the_one_further_along_counts(self, permit: int) -> None:
        events = [ordered("order.placed"), ordered("order.delivered")][::permit]

        assert order_after(*events).status == "delivered"

    @pytest.mark.parametrize("permit", [1, -1])
    def test_the_first_promise_is_kept_beside_the_newest(self, permit: int) -> None:
        events = [
            ordered("order.placed", promised_at=NOW + 3 * DAY),
            ordered("order.delayed", DAY, promised_at=NOW + 9 * DAY),
        ][::permit]

        order = order_after(*events)

        assert (order.first_promised_at, order.promised_at) == (NOW + 3 * DAY, NOW + 9 * DAY)

    def test_every_delay_counts(self) -> None:
        assert order_after(*[ordered(ORDER_DELAYED, n * DAY) for n in range(3)]).delays == 3

    @pytest.mark.parametrize("permit", [1, -1])
    def test_an_order_was_placed_when_an_event_says_so_else_when_the_first_such_event_occurred(
        self, permit: int
    ) -> None:
        placed, again = ordered(ORDER_PLACED), ordered(ORDER_PLACED, DAY)
        told = ordered("order.shipped", 2 * DAY, placed_at=NOW - HOUR)

        assert order_after(*[placed, again][::permit]).placed_at == NOW
        assert order_after(*[placed, told][::permit]).placed_at == NOW - HOUR

    def test_an_event_without_an_order_leaves_it_alone(self) -> None:
        order = order_after(ordered(ORDER_PLACED))

        assert merge_order(order, said()) is order


instants = st.integers(0, 3).map(lambda hours: NOW + hours * HOUR)  # few, so that many are the same
words = st.sampled_from(["a", "b", "c"])
mentions = st.builds(
    CustomerMention,
    st.just("c-ana"),
    st.dictionaries(st.sampled_from(["email", "first_name", "locale", "time_zone"]), words),
    st.dictionaries(words, st.one_of(words, st.booleans(), st.none(), st.lists(words, max_size=2))),
    st.none() | st.builds(Consent, st.booleans(), instants, st.none() | words),
)
order_fields = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["placed", "delivered", "lost", "found"]),
        "placed_at": instants,
        "promised_at": instants,
        "total": st.sampled_from([Decimal("1.0"), Decimal("1.00"), Decimal(7)]),
        "delay_reason": words,
    },
)
items = st.sampled_from([(), (OrderItem("x1", "Oven", 1, "oven"),), (OrderItem("x1", "Oven", 2),)])
events = st.builds(
    Event,
    st.just("evt"),
    st.sampled_from(["customer.updated", "order.placed", "order.delayed", "order.shipped", FEATURE_USED]),
    instants,
    mentions,
    st.builds(OrderMention, st.just("o-1"), order_fields, items),
    st.fixed_dictionaries({}, optional={"product_line": words, "feature": words}),
)


the_same_in_two_orders = st.lists(events, max_size=6).flatmap(
    lambda told: st.tuples(st.just(told), st.permutations(told))
)


@given(the_same_in_two_orders)
def test_any_order_of_the_same_events_makes_the_same_customer(both: tuple[list[Event], list[Event]]) -> None:
    one, other = both

    assert known(*one) == known(*other)


@given(the_same_in_two_orders)
def test_any_order_of_the_same_events_makes_the_same_order(both: tuple[list[Event], list[Event]]) -> None:
    one, other = both

    assert order_after(*one) == order_after(*other)


@given(st.lists(events, min_size=1, max_size=6))
def test_a_repeat_of_all_events_changes_nothing_but_the_count_of_delays(told: list[Event]) -> None:
    assert known(*told, *told) == known(*told)
    assert replace(order_after(*told, *told), delays=0) == replace(order_after(*told), delays=0)
