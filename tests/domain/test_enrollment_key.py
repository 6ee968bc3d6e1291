"""No key of an enrollment reveals a purchase, and each is found again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import KEY_SECRET, NOW, a_campaign, a_send, an_enrollment, an_event, an_order
from domain.taking_in import DAY, HOUR, taken
from outreach.domain.intake.erasure import run_since
from outreach.domain.intake.event import DELETED, Event
from outreach.domain.intake.order import Order, OrderItem
from outreach.domain.journeys.campaign import Campaign, Driver, Key, Reentry
from outreach.domain.journeys.enrollment import (
    Enrollment,
    EnrollmentId,
    EnrollmentStatus,
    LeaveReason,
    Trigger,
)
from outreach.domain.journeys.enrollment_key import KEY_ID_CHARACTERS, KEYS_THAT_ARE_IDS, key_id
from outreach.domain.sending.send import SendId, SendStatus

DELIVERED = "order.delivered"
OF_LINES = sorted(set(Key) - KEYS_THAT_ARE_IDS)
values = st.text(min_size=1, max_size=48)
ids = st.text(min_size=1, max_size=20)


def secret() -> bytes:
    return KEY_SECRET


def never() -> bytes:
    raise AssertionError("an id needs no hash")


@pytest.mark.parametrize("kind", sorted(KEYS_THAT_ARE_IDS))
def test_ids_of_the_shop_are_their_own_keys_and_need_no_secret(kind: Key) -> None:
    assert key_id(kind, "o-1", "c-ana", never) == "o-1"


@given(kind=st.sampled_from(OF_LINES), value=values, customer_id=ids)
def test_every_other_key_is_22_characters_that_may_stand_anywhere(
    kind: Key, value: str, customer_id: str
) -> None:
    key = key_id(kind, value, customer_id, secret)

    assert len(key) == KEY_ID_CHARACTERS == 22
    assert set(key) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert key == key_id(kind, value, customer_id, secret)
    assert key != key_id(kind, value, customer_id, lambda: b"another stack")


@given(first=st.tuples(values, ids), second=st.tuples(values, ids))
def test_another_value_or_another_customer_has_another_key(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    one, other = (key_id(Key.PRODUCT_LINE, *each, secret) for each in (first, second))

    assert (one == other) is (first == second)


def test_the_key_of_a_line_stays_the_same_in_every_release() -> None:
    """A changed hash would enroll every customer a second time."""
    assert key_id(Key.PRODUCT_LINE, "oven", "c-ana", lambda: b"k") == "UglVT6bikgeK0p6Z9rUMc9"


def _tutorial(**fields: object) -> Campaign:
    return a_campaign("tutorial", trigger=DELIVERED, key=Key.PRODUCT_LINE, **fields)


def _order(*lines: str) -> Order:
    return an_order(items=tuple(OrderItem(f"x-{line}", "Thing", product_line=line) for line in lines))


def _delivered(after: timedelta = timedelta(0)) -> Event:
    return an_event(DELIVERED, id=f"evt-{after}", order_id="o-1", occurred_at=NOW + after)


def _of_older_release(**fields: object) -> Enrollment:
    trigger = Trigger("evt-0", DELIVERED, NOW - DAY, {}, "o-0")
    return an_enrollment("tutorial", key="oven", trigger=trigger, version=3, **fields)


def test_a_run_keeps_the_value_and_shows_only_a_hash() -> None:
    (run,) = taken(_delivered(), _tutorial(), order=_order("oven")).changed

    assert run.key_value == "oven"
    assert run.id.key == key_id(Key.PRODUCT_LINE, "oven", "c-ana", secret)
    shown = [run.execution_name, run.send_id("first").encoded(), *run.send_id("first").as_tags().values()]
    assert not any("oven" in each or "b3Zlbg" in each for each in shown)
    assert not run.has_purchase_in_id
    assert SendId.from_tags(run.send_id("first").as_tags()) == run.send_id("first")


def test_the_same_line_is_enrolled_once() -> None:
    first = taken(_delivered(), _tutorial(), order=_order("oven")).changed

    again = taken(_delivered(HOUR), _tutorial(), order=_order("oven", "pan"), enrollments=first).changed

    assert [each.key_value for each in again] == ["pan"]


def test_who_was_enrolled_by_an_older_release_is_not_enrolled_twice() -> None:
    old = _of_older_release()

    intake = taken(_delivered(), _tutorial(), order=_order("oven"), enrollments=[old])

    assert old.key_value == "oven"
    assert intake.changed == ()


@pytest.mark.parametrize("driver", Driver)
def test_a_run_that_takes_the_place_of_an_older_releases_is_the_next_one(driver: Driver) -> None:
    old = _of_older_release(run=2, sends={"first": a_send(SendStatus.SENT)})
    restarting = _tutorial(reentry=Reentry.RESTART, driver=driver)

    intake = taken(_delivered(), restarting, order=_order("oven"), enrollments=[old])

    ended, begun = sorted(intake.changed, key=lambda each: each.run)
    assert (ended.id, ended.reason, ended.version) == (old.id, LeaveReason.RESTARTED, old.version)
    assert (begun.run, begun.version, begun.key_value) == (3, 0, "oven")
    assert begun.id.key != "oven"
    assert intake.archived == ()

    once_more = taken(_delivered(HOUR), restarting, order=_order("oven"), enrollments=[ended, begun])
    (newest,) = once_more.changed
    assert (newest.id, newest.run) == (begun.id, 4)


def test_a_finished_run_of_an_older_release_allows_what_reentry_allows() -> None:
    old = _of_older_release().ended(EnrollmentStatus.FINISHED, "completed", NOW - HOUR)

    never_again = taken(_delivered(), _tutorial(), order=_order("oven"), enrollments=[old])
    again = taken(
        _delivered(), _tutorial(reentry=Reentry.AFTER_EXIT), order=_order("oven"), enrollments=[old]
    )

    assert never_again.changed == ()
    assert [(each.run, each.key_value) for each in again.changed] == [(2, "oven")]


def test_the_value_goes_with_erasure_and_the_id_stays() -> None:
    (run,) = taken(_delivered(), _tutorial(), order=_order("oven")).changed

    left = run_since(run, NOW + DAY, NOW + DAY, by="evt-9")

    assert (left.id, left.key_value, left.is_active) == (run.id, "", False)
    assert not left.has_purchase_in_id
    assert run_since(left, NOW + DAY, NOW + 2 * DAY, by="evt-9") is left


def test_only_runs_of_older_releases_have_a_purchase_in_their_id() -> None:
    order = _order("oven")
    per_customer = taken(_delivered(), a_campaign(trigger=DELIVERED), order=order).changed
    per_order = taken(_delivered(), a_campaign(trigger=DELIVERED, key=Key.ORDER), order=order).changed

    assert not any(each.has_purchase_in_id for each in (*per_customer, *per_order))
    assert _of_older_release().has_purchase_in_id


def test_a_deletion_ends_a_run_of_either_kind() -> None:
    (run,) = taken(_delivered(), _tutorial(), order=_order("oven")).changed
    old = replace(_of_older_release(), id=EnrollmentId("c-ana", "tutorial", "pan"))
    gone = an_event(DELETED, id="evt-9", occurred_at=NOW + DAY)

    changed = taken(gone, _tutorial(), enrollments=[run, old], after=DAY).changed

    assert {each.reason for each in changed} == {LeaveReason.ERASED}
    assert [each.hidden_key for each in changed] == ["", None]
