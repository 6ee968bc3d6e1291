"""What is written is read back to the millisecond, whatever it is, and stays small."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, a_send, an_enrollment
from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import instant, milliseconds
from outreach.adapters.dynamodb.items.enrollment import read_enrollment
from outreach.adapters.dynamodb.items.order import order_attributes, read_order
from outreach.adapters.dynamodb.items.profile import profile_change, read_profile
from outreach.adapters.dynamodb.items.send import read_send, send_attribute
from outreach.adapters.dynamodb.journeys.enrollment_change import archived_row, new_row
from outreach.domain.intake.customer import Consent, Customer, Profile, Purchases
from outreach.domain.intake.order import Order, OrderItem
from outreach.domain.journeys.enrollment import (
    Enrollment,
    EnrollmentId,
    EnrollmentStatus,
    HoldReason,
    Skip,
    SkipReason,
    Trigger,
    Waiting,
)
from outreach.domain.sending.send import Send, SendStatus

MOMENTS = st.integers(-(10**12), 10**13).map(instant)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
MAYBE_NAME = st.none() | NAMES
MOMENT_BY_NAME = st.dictionaries(NAMES, MOMENTS, max_size=3)
AMOUNTS = st.decimals(0, 10**6, places=2)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | NAMES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=4,
)
ATTRIBUTES = st.dictionaries(NAMES, JSON, max_size=3)
PROFILES = st.builds(Profile, MAYBE_NAME, MAYBE_NAME, MAYBE_NAME, attributes=ATTRIBUTES)
CUSTOMERS = st.builds(
    Customer,
    NAMES,
    PROFILES,
    MOMENT_BY_NAME,
    st.none() | st.builds(Consent, st.booleans(), MOMENTS, MAYBE_NAME, st.booleans()),
    purchases=st.builds(Purchases, st.integers(0, 9), AMOUNTS, MAYBE_NAME, st.none() | MOMENTS),
    features_used=st.dictionaries(NAMES, st.lists(NAMES, min_size=1, max_size=2).map(tuple), max_size=2),
    seen=MOMENT_BY_NAME,
)
ORDERS = st.builds(
    Order,
    NAMES,
    MAYBE_NAME,
    st.none() | MOMENTS,
    total=st.none() | AMOUNTS,
    items=st.lists(st.builds(OrderItem, NAMES, NAMES, st.integers(1, 9), MAYBE_NAME), max_size=2).map(tuple),
    delays=st.integers(0, 3),
    seen=MOMENT_BY_NAME,
    counted=st.booleans(),
)
SENDS = st.builds(
    Send, NAMES, st.sampled_from(SendStatus), MOMENTS, st.integers(1, 3), MAYBE_NAME, MAYBE_NAME
)
ENROLLMENTS = st.builds(
    Enrollment,
    st.builds(EnrollmentId, NAMES, NAMES, NAMES),
    st.builds(Trigger, NAMES, NAMES, MOMENTS, ATTRIBUTES, MAYBE_NAME),
    NAMES,
    MOMENTS,
    NAMES,
    MOMENTS,
    st.integers(1, 20),
    st.sampled_from(EnrollmentStatus),
    due_at=st.none() | MOMENTS,
    waiting=st.none() | st.builds(Waiting, NAMES, MOMENTS, MAYBE_NAME),
    consumed=MOMENT_BY_NAME,
    sends=st.dictionaries(NAMES, SENDS, max_size=2),
    skips=st.dictionaries(NAMES, st.builds(Skip, st.sampled_from(SkipReason), MOMENTS), max_size=2),
    holds=st.dictionaries(st.sampled_from(HoldReason), st.integers(1, 9)),
    hold=st.none() | st.sampled_from(HoldReason),
    swept=st.booleans(),
    version=st.integers(0, 9),
)


def _row_of(change: Mapping[str, Any]) -> dict[str, Any]:
    """What an update that only sets and removes makes of an empty row."""
    names, values = change.get("ExpressionAttributeNames", {}), change["ExpressionAttributeValues"]
    sets = change["UpdateExpression"].partition(" REMOVE ")[0].removeprefix("SET ").split(", ")
    return {names.get(name, name): values[value] for name, value in (part.split(" = ") for part in sets)}


@given(CUSTOMERS)
def test_a_customer_comes_back_as_written(customer: Customer) -> None:
    change = profile_change(customer).update("table", keys.profile(customer.id))

    assert read_profile(customer.id, _row_of(change)) == replace(customer, version=1)


@given(ORDERS)
def test_an_order_comes_back_as_written(order: Order) -> None:
    assert read_order(order.id, order_attributes(order)) == replace(order, version=1)


@given(SENDS)
def test_a_send_comes_back_as_written(send: Send) -> None:
    assert read_send(send_attribute(send)["M"]) == send


@given(ENROLLMENTS)
def test_an_enrollment_comes_back_as_written(enrollment: Enrollment) -> None:
    row = new_row(enrollment, keys.enrollment(enrollment.id), 4)

    assert keys.enrollment_id(row) == enrollment.id
    assert read_enrollment(enrollment.id, row) == replace(enrollment, version=enrollment.version + 1)


@given(ENROLLMENTS)
def test_the_due_index_shows_what_a_sweep_must_look_at_and_nothing_else(enrollment: Enrollment) -> None:
    row = new_row(enrollment, keys.enrollment(enrollment.id), 4)
    is_due = enrollment.swept and enrollment.is_active and enrollment.due_at is not None

    assert (keys.DUE_SHARD in row, keys.DUE_AT in row) == (is_due, is_due)


def test_what_is_finer_than_a_millisecond_is_cut_off() -> None:
    precise = datetime(2026, 3, 2, 9, 0, 0, 123_999, tzinfo=UTC)

    assert instant(milliseconds(precise)) == precise.replace(microsecond=123_000)


def test_money_is_never_rounded() -> None:
    order = Order("o-1", total=Decimal("0.10"))

    assert str(read_order("o-1", order_attributes(order)).total) == "0.10"


def test_an_enrollment_of_three_messages_fits_into_one_write_unit() -> None:
    """A write unit is one kilobyte; DynamoDB counts names and values."""
    sent = a_send(SendStatus.SENT, message_id="0100019d2f4e8a71-6b0f3c55-7f5c-4e4e-9d6e-1a2b3c4d5e6f-000000")
    enrollment = an_enrollment(
        "win-back", swept=True, due_at=NOW, sends={"miss-you": sent, "offer": sent, "last-call": sent}
    )
    row = new_row(enrollment, keys.enrollment(enrollment.id), 4)

    assert len(json.dumps(row, separators=(",", ":"))) < 1024


def test_an_archived_run_is_written_like_the_enrollment_it_was() -> None:
    enrollment = an_enrollment(swept=True).ended(EnrollmentStatus.LEFT, "goal", NOW + timedelta(1))

    row = archived_row(enrollment, keys.run(enrollment.id, 1))

    assert read_enrollment(enrollment.id, row) == replace(enrollment, version=1)
