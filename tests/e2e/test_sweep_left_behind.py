"""A row that cannot be read must not keep the others from their mail."""

from collections import Counter

import pytest

from e2e.shop import RARELY_RECONCILED, Shop, days


@pytest.fixture(scope="module")
def parameters() -> dict[str, str]:
    return RARELY_RECONCILED


def break_row(shop: Shop, customer_id: str) -> None:
    """As a bug, or an edit in the console, might leave it."""
    shop.cloud.client("dynamodb").update_item(
        TableName=shop.cloud.outputs["TableName"],
        Key={"PK": {"S": f"CUSTOMER#{customer_id}"}, "SK": {"S": f"ENROLLMENT#win-back#{customer_id}"}},
        UpdateExpression="SET facts = :broken",
        ExpressionAttributeValues={":broken": {"S": "{"}},
    )


def test_a_row_that_cannot_be_read_blocks_no_other_and_is_reported_every_hour(new_shop: Shop) -> None:
    shop = new_shop
    shop.waits_for_the_clock(10)
    for customer_id in ("c-broken", "c-3"):
        shop.hears_of(customer_id, zone="America/New_York")
        shop.order("placed", customer_id, f"o-{customer_id}")
        shop.order("shipped", customer_id, f"o-{customer_id}")
        if customer_id == "c-broken":
            shop.waits(days(1))
    break_row(shop, "c-broken")
    shop.waits(days(93))
    assert [message for message, _ in shop.got("c-3")] == ["we-miss-you"]
    ended = [run for run in shop.cloud.executions("WakeStateMachine") if run.status == "FAILED"]
    assert {run.error for run in ended} == {"Outreach.SweepIncomplete"}
    a_day = Counter(run.stopped_at.date() for run in ended if run.stopped_at is not None)
    # Every hour, and when the daily run finds it overdue.
    assert 24 <= max(a_day.values()) <= 26
