"""Intake: refused events are kept with their reason; repeats and disorder change nothing that matters."""

import json

import pytest

from e2e.shop import RARELY_RECONCILED, Shop, days, hours, minutes


@pytest.fixture(scope="module")
def parameters() -> dict[str, str]:
    return RARELY_RECONCILED


@pytest.mark.parametrize(
    ("broken", "where"),
    [
        (
            {"customer": {"id": "c-bad", "consent": {"marketing": "ana@example.com"}}},
            "customer.consent.marketing",
        ),
        ({"customer": {"id": "c-bad", "zone": "Europe/Madrid"}}, "customer.zone"),
        ({"customer": {}}, "customer.id"),
        ({"customer": {"id": "c-bad"}, "occurred_at": "2026-03-02T09:00:00"}, "occurred_at"),
        ({"customer": {"id": "c-bad"}, "occurred_at": "2099-01-01T00:00:00Z"}, "occurred_at"),
        ({"customer": {"id": "c-bad"}, "occurred_at": "2011-01-01T00:00:00Z"}, "occurred_at"),
        (
            {"customer": {"id": "c-bad"}, "order": {"id": "o-1", "total": 59.9, "currency": "EUR"}},
            "order.total",
        ),
    ],
)
def test_a_broken_event_lies_in_the_dead_letter_queue_with_its_reason(
    new_shop: Shop, broken: dict[str, object], where: str
) -> None:
    detail = {"event_id": "e-bad", "occurred_at": "2026-03-02T09:00:00Z", **broken}
    new_shop.cloud.emit("customer.signed_up", detail)
    ((body, reason),) = new_shop.refused()
    assert json.loads(body)["detail"] == detail
    assert reason.startswith(f"{where}: ")
    assert "ana@" not in reason
    assert new_shop.stored("c-bad") == []


def test_a_shops_event_under_the_reserved_source_is_refused_and_our_own_announcements_are_not(
    new_shop: Shop,
) -> None:
    cloud = new_shop.cloud
    detail = {"event_id": "e-1", "occurred_at": cloud.now.isoformat(), "customer": _willing("c-own")}

    cloud.emit("customer.signed_up", detail, source="outreach")
    cloud.emit("customer.unsubscribed", {"customer_id": "c-own", "event_id": "u-1"}, source="outreach")

    assert [(each.queue, each.event["detail"]) for each in cloud.refused] == [
        ("IntakeDeadLetterQueue", detail)
    ]
    assert cloud.dead == ()
    assert new_shop.stored("c-own") == []


def test_a_broken_event_does_not_hold_up_its_neighbours(shop: Shop) -> None:
    entries = [
        {
            "Source": "shop",
            "DetailType": "customer.signed_up",
            "EventBusName": shop.cloud.outputs["BusName"],
            "Detail": json.dumps(detail),
        }
        for detail in (
            {"event_id": "n-1", "occurred_at": shop.now.isoformat(), "customer": _willing("c-left")},
            {"event_id": "n-2"},
            {"event_id": "n-3", "occurred_at": shop.now.isoformat(), "customer": _willing("c-right")},
        )
    ]
    shop.cloud.client("events").put_events(Entries=entries)
    shop.waits(minutes(2))  # messages of one instant are sent one after another
    assert [len(shop.got(customer_id)) for customer_id in ("c-left", "c-right")] == [1, 1]


def test_an_event_sent_twice_happens_once(shop: Shop) -> None:
    for _ in range(2):
        shop.tells("customer.signed_up", "c-once", event_id="once", customer=_willing("c-once"))
        shop.waits(hours(1))
    assert [message for message, _ in shop.got("c-once")] == ["welcome"]


def test_a_second_sign_up_under_another_id_welcomes_no_customer_twice(shop: Shop) -> None:
    for _ in range(2):
        shop.signs_up("c-double")
        shop.waits(hours(1))
    assert [message for message, _ in shop.got("c-double")] == ["welcome"]


def test_a_delay_that_is_reported_after_the_order_was_shipped_is_not_passed_on(shop: Shop) -> None:
    shop.hears_of("c-mixed")
    placed_at = shop.now
    shop.waits(days(3))
    shop.order("shipped", "c-mixed", "o-mixed", at=placed_at + days(2))
    shop.order("placed", "c-mixed", "o-mixed", promised_at=placed_at + days(5), at=placed_at)
    shop.order("delayed", "c-mixed", "o-mixed", promised_at=placed_at + days(9), at=placed_at + days(1))
    shop.waits(days(20))
    assert shop.got("c-mixed") == []


def test_an_older_event_that_comes_late_does_not_undo_what_is_known(shop: Shop) -> None:
    first_said = shop.now
    shop.waits(hours(2))
    shop.tells("customer.updated", "c-known", customer=_willing("c-known") | {"first_name": "Newer"})
    shop.tells("customer.updated", "c-known", at=first_said, customer={"first_name": "Older"})
    shop.tells("customer.signed_up", "c-known")
    (mail,) = shop.inbox("c-known")
    assert "Newer" in mail.text
    assert "Older" not in mail.text


def _willing(customer_id: str) -> dict[str, object]:
    return {"id": customer_id, "email": f"{customer_id}@example.com", "consent": {"marketing": True}}
