"""A customer's totals follow their orders, each counted once."""

from datetime import timedelta
from decimal import Decimal
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, an_event
from outreach.domain.intake.customer import Customer, Purchases
from outreach.domain.intake.event import ORDER_PLACED, Event, OrderMention
from outreach.domain.intake.merge import merge_order
from outreach.domain.intake.order import Order
from outreach.domain.intake.totals import count_order

DAY = timedelta(days=1)


def mention(name: str, order_id: str = "o-1", after: timedelta = timedelta(0), **fields: object) -> Event:
    return an_event(name, occurred_at=NOW + after, order=OrderMention(order_id, fields))


def totals(*events: Event) -> Purchases:
    def take(known: tuple[Customer, dict[str, Order]], event: Event) -> tuple[Customer, dict[str, Order]]:
        customer, orders = known
        assert event.order is not None
        before = orders.get(event.order.id)
        customer, order = count_order(customer, before, merge_order(before or Order(event.order.id), event))
        return customer, orders | {order.id: order}

    start: tuple[Customer, dict[str, Order]] = (Customer("c-ana"), {})
    return reduce(take, events, start)[0].purchases


EUROS = {"total": Decimal("59.90"), "currency": "EUR"}


def test_a_placed_order_counts_once_however_often_it_is_mentioned() -> None:
    bought = totals(
        mention(ORDER_PLACED, **EUROS), mention("order.shipped", after=DAY), mention(ORDER_PLACED, **EUROS)
    )

    assert bought == Purchases(1, Decimal("59.90"), "EUR", NOW)


def test_an_order_that_was_not_placed_counts_for_nothing() -> None:
    assert totals(mention("order.shipped", **EUROS)) == Purchases()


def test_orders_add_up() -> None:
    bought = totals(mention(ORDER_PLACED, **EUROS), mention(ORDER_PLACED, "o-2", 3 * DAY, **EUROS))

    assert bought == Purchases(2, Decimal("119.80"), "EUR", NOW + 3 * DAY)


def test_an_older_order_that_arrives_late_does_not_become_the_last_one() -> None:
    bought = totals(mention(ORDER_PLACED, "o-2", 3 * DAY), mention(ORDER_PLACED))

    assert bought.last_at == NOW + 3 * DAY


def test_a_total_that_comes_late_or_changes_is_put_right() -> None:
    late = totals(mention(ORDER_PLACED), mention("order.updated", after=DAY, **EUROS))
    changed = totals(
        mention(ORDER_PLACED, **EUROS),
        mention("order.updated", after=DAY, total=Decimal("39.90"), currency="EUR"),
    )

    assert (late.orders, late.spent) == (1, Decimal("59.90"))
    assert (changed.orders, changed.spent) == (1, Decimal("39.90"))


def test_money_of_another_currency_is_counted_as_an_order_but_not_added_up() -> None:
    bought = totals(
        mention(ORDER_PLACED, **EUROS), mention(ORDER_PLACED, "o-2", total=Decimal(80), currency="USD")
    )

    assert (bought.orders, bought.spent, bought.currency) == (2, Decimal("59.90"), "EUR")


said = st.builds(
    mention,
    st.sampled_from([ORDER_PLACED, "order.shipped", "order.updated"]),
    st.sampled_from(["o-1", "o-2"]),
    st.integers(0, 3).map(lambda days: days * DAY),
    total=st.sampled_from([Decimal(10), Decimal(20)]),
    currency=st.just("EUR"),
)


@given(st.lists(said, max_size=6).flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))))
def test_the_order_of_arrival_changes_no_total(both: tuple[list[Event], list[Event]]) -> None:
    one, other = (totals(*events) for events in both)

    assert (one.orders, one.spent, one.currency) == (other.orders, other.spent, other.currency)
