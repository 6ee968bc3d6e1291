"""An index that is behind the table: what queries show, and that sweeps lose nothing by it."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from local_cloud import LocalCloud
from proof.project import project

START = "2026-03-02T09:00:00Z"


def due_in(cloud: LocalCloud) -> list[str]:
    """The keys that the due index shows for one shard of a campaign of the test."""
    answer = cloud.client("dynamodb").query(
        TableName=cloud.outputs["TableName"],
        IndexName="due",
        KeyConditionExpression="due_shard = :shard",
        ExpressionAttributeValues={":shard": {"S": "test#0"}},
    )
    return [item["PK"]["S"] for item in answer["Items"]]


def write(cloud: LocalCloud, **attributes: Any) -> None:
    key = {"PK": {"S": "one"}, "SK": {"S": "one"}}
    cloud.client("dynamodb").put_item(TableName=cloud.outputs["TableName"], Item=key | attributes)


def test_a_query_of_an_index_shows_a_write_only_after_the_lag() -> None:
    shown = {"due_shard": {"S": "test#0"}, "due_at": {"N": "1"}}
    with project() as folder, LocalCloud(START, project=folder, index_lag=5) as cloud:
        write(cloud, **shown)
        cloud.advance(seconds=4)
        assert due_in(cloud) == []
        cloud.advance(seconds=1)
        assert due_in(cloud) == ["one"]

        write(cloud)
        cloud.advance(seconds=4)
        assert due_in(cloud) == ["one"]
        cloud.advance(seconds=1)
        assert due_in(cloud) == []


@pytest.mark.parametrize("lag", [0, 5, 25])
def test_however_far_the_index_is_behind_each_swept_message_is_sent_once(lag: int) -> None:
    stack: dict[str, Any] = {"parameters": {"DueShards": "1"}, "index_lag": lag}
    written_at: dict[str, datetime] = {}
    with project() as folder, LocalCloud(START, project=folder, **stack) as cloud:
        for number in range(20):
            customer_id = f"c-{number}"
            written_at[f"{customer_id}@example.com"] = cloud.now
            now = cloud.now.isoformat()
            consent = {"marketing": True, "at": now}
            customer = {"id": customer_id, "email": f"{customer_id}@example.com", "consent": consent}
            cloud.emit("letter.wanted", {"event_id": customer_id, "occurred_at": now, "customer": customer})
            cloud.advance(seconds=17)
        cloud.advance(hours=7)

        assert Counter(mail.to for mail in cloud.outbox) == Counter(list(written_at))
        late = max(mail.sent_at - written_at[mail.to] for mail in cloud.outbox)
        if lag <= 5:
            assert late <= timedelta(seconds=75)
