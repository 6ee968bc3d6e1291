"""Delay notification: the truth about a late order, at once and at any hour; then nothing more."""

import json
from datetime import UTC, datetime

import pytest

from e2e.shop import RARELY_RECONCILED, Shop, days, hours


@pytest.fixture(scope="module")
def parameters() -> dict[str, str]:
    return RARELY_RECONCILED


def test_an_order_that_keeps_its_promise_is_not_mentioned(shop: Shop) -> None:
    shop.hears_of("c-fine", consents=False)
    shop.order("placed", "c-fine", "o-fine", promised_at=shop.now + days(5))
    shop.waits(days(2))
    shop.order("shipped", "c-fine", "o-fine")
    shop.waits(days(40))
    assert shop.got("c-fine") == []


def test_a_delay_is_reported_at_once_with_reason_and_new_date_whatever_the_hour(shop: Shop) -> None:
    shop.hears_of("c-late", consents=False)
    shop.waits_for_the_clock(3)
    shop.order("placed", "c-late", "o-late", promised_at=shop.now + days(5))
    shop.waits(days(3))
    told_at = shop.now
    new_date = datetime(2030, 1, 1, 12, tzinfo=UTC)
    shop.order("delayed", "c-late", "o-late", promised_at=new_date, reason="a strike at the port")
    assert shop.got("c-late") == [("delayed", told_at)]
    (mail,) = shop.inbox("c-late")
    for part in (mail.html, mail.text):
        assert "a strike at the port" in part
        assert "1 January" in part
    assert "List-Unsubscribe" not in mail.headers


def test_a_message_about_an_order_waits_for_the_address_that_the_sign_up_brings_seconds_later(
    shop: Shop,
) -> None:
    shop.order("placed", "c-early", "o-early", promised_at=shop.now + days(5))
    shop.order("delayed", "c-early", "o-early", promised_at=shop.now + days(8), reason="fog")
    shop.waits(hours(1))
    assert shop.got("c-early") == []

    came_at = shop.now
    shop.signs_up("c-early", consents=False)

    assert shop.got("c-early") == [("delayed", came_at)]


def test_a_second_slip_brings_an_apology_with_a_coupon_and_a_word_to_the_team(shop: Shop) -> None:
    team = _queue_of_the_team(shop)
    shop.hears_of("c-twice")
    shop.order("placed", "c-twice", "o-twice", promised_at=shop.now + days(5))
    shop.waits(days(3))
    first = shop.now
    shop.order("delayed", "c-twice", "o-twice", promised_at=first + days(8), reason="fog")
    shop.waits(days(7))
    second = shop.now
    shop.order("delayed", "c-twice", "o-twice", promised_at=second + days(9), reason="more fog")
    assert shop.got("c-twice") == [("delayed", first), ("delayed-again", second)]
    assert "SORRY15" in shop.inbox("c-twice")[1].text
    announced = shop.cloud.client("sqs").receive_message(QueueUrl=team)["Messages"]
    assert [json.loads(each["Body"])["detail"]["order_id"] for each in announced] == ["o-twice"]


def test_a_promise_that_passes_without_an_event_is_reported_on_the_minute(shop: Shop) -> None:
    shop.hears_of("c-overdue")
    promised_at = shop.now + days(5)
    shop.order("placed", "c-overdue", "o-overdue", promised_at=promised_at)
    shop.waits(days(7))
    assert shop.got("c-overdue") == [("overdue", promised_at)]
    told_at = shop.now
    shop.order("delayed", "c-overdue", "o-overdue", promised_at=told_at + days(4), reason="a lost pallet")
    assert shop.got("c-overdue") == [("overdue", promised_at), ("delayed", told_at)]


def test_shipping_stops_the_journey_at_once(shop: Shop) -> None:
    shop.hears_of("c-shipped")
    shop.order("placed", "c-shipped", "o-shipped", promised_at=shop.now + days(5))
    shop.waits(days(4))
    assert [run.status for run in shop.journeys("c-shipped", "delay-notification")] == ["RUNNING"]
    shop.order("shipped", "c-shipped", "o-shipped")
    (journey,) = shop.journeys("c-shipped", "delay-notification")
    assert (journey.status, journey.stopped_at) == ("ABORTED", shop.now)
    shop.waits(days(40))
    assert shop.got("c-shipped") == []


def test_each_order_is_watched_on_its_own(shop: Shop) -> None:
    shop.hears_of("c-two-orders")
    for order_id in ("o-on-time", "o-not"):
        shop.order("placed", "c-two-orders", order_id, promised_at=shop.now + days(5))
    shop.order("shipped", "c-two-orders", "o-on-time")
    shop.waits(hours(1))
    shop.order("delayed", "c-two-orders", "o-not", promised_at=shop.now + days(9), reason="hail")
    (mail,) = shop.inbox("c-two-orders")
    assert "o-not" in mail.text
    assert "o-on-time" not in mail.text


def _queue_of_the_team(shop: Shop) -> str:
    """A queue that a rule on the bus fills with events for people; returns its URL."""
    sqs, events, bus = shop.cloud.client("sqs"), shop.cloud.client("events"), shop.cloud.outputs["BusName"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
    }
    policy = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": "*"}]}
    queue: str = sqs.create_queue(QueueName="team", Attributes={"Policy": json.dumps(policy)})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = json.dumps({"detail-type": ["order.delayed_twice"]})
    events.put_rule(Name="team", EventBusName=bus, EventPattern=pattern)
    events.put_targets(Rule="team", EventBusName=bus, Targets=[{"Id": "team", "Arn": arn}])
    return queue
