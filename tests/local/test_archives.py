"""Archives of a bus and their replays, as EventBridge keeps and plays them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_cloud import LocalCloud

EVENTS = "arn:aws:events:us-east-1:123456789012"
ANA = {"customer": {"id": "ana", "email": "ana@example.com"}}
BOB = {"customer": {"id": "bob", "email": "bob@example.com"}}


def _replay(cloud: LocalCloud, name: str, start: datetime, **fields: Any) -> None:
    bus = cloud.attribute("Bus", "Arn")
    cloud.client("events").start_replay(
        ReplayName=name,
        EventSourceArn=cloud.attribute("Archive", "Arn"),
        EventStartTime=start,
        EventEndTime=cloud.now + timedelta(seconds=1),
        Destination={"Arn": bus},
        **fields,
    )


def _bodies(cloud: LocalCloud) -> list[dict[str, Any]]:
    return [
        json.loads(record["body"])
        for run in cloud.invocations
        if run.function == "TakeInFunction"
        for record in run.event["Records"]
    ]


def test_a_replay_brings_the_events_of_its_time_again_in_its_order(cloud: LocalCloud) -> None:
    cloud.emit("customer.signed_up", ANA)
    cloud.advance(minutes=10)
    since = cloud.now
    cloud.emit("customer.signed_up", BOB)
    cloud.advance(minutes=10)
    cloud.emit("customer.signed_up", ANA)
    cloud.advance(minutes=10)
    first = _bodies(cloud)

    _replay(cloud, "again", since)
    assert cloud.client("events").describe_replay(ReplayName="again")["State"] == "STARTING"
    cloud.advance(minutes=1)

    again = _bodies(cloud)[len(first) :]
    assert again == [{**event, "replay-name": "again"} for event in first[1:]]
    assert cloud.client("events").describe_replay(ReplayName="again")["State"] == "COMPLETED"


def test_what_is_replayed_is_not_archived_again(cloud: LocalCloud) -> None:
    cloud.emit("customer.signed_up", ANA)
    for name in ("one", "two"):
        _replay(cloud, name, cloud.now - timedelta(hours=1))
        cloud.advance(minutes=1)

    assert [body.get("replay-name") for body in _bodies(cloud)] == [None, "one", "two"]


def test_a_replay_reaches_no_other_rule_than_those_that_it_names(cloud: LocalCloud) -> None:
    cloud.emit("customer.signed_up", ANA)
    events, bus = cloud.client("events"), cloud.attribute("Bus", "Arn")
    events.start_replay(
        ReplayName="elsewhere",
        EventSourceArn=cloud.attribute("Archive", "Arn"),
        EventStartTime=cloud.now - timedelta(hours=1),
        EventEndTime=cloud.now + timedelta(seconds=1),
        Destination={"Arn": bus, "FilterArns": [f"{bus.replace(':event-bus/', ':rule/')}/another"]},
    )
    cloud.advance(minutes=1)

    assert len(_bodies(cloud)) == 1


def test_an_event_that_is_older_than_the_archive_keeps_is_gone(cloud: LocalCloud) -> None:
    cloud.emit("customer.signed_up", ANA)
    since = cloud.now
    cloud.advance(days=31)
    cloud.emit("customer.signed_up", BOB)
    _replay(cloud, "late", since - timedelta(hours=1))
    cloud.advance(minutes=1)

    assert [body["detail"]["customer"]["id"] for body in _bodies(cloud)] == ["ana", "bob", "bob"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (
            {"EventSourceArn": f"{EVENTS}:archive/none"},
            "ResourceNotFoundException",
        ),
        (
            {"Destination": {"Arn": f"{EVENTS}:event-bus/default"}},
            "ValidationException",
        ),
        ({"EventEndTime": datetime(2020, 1, 1, tzinfo=UTC)}, "ValidationException"),
    ],
)
def test_a_replay_that_eventbridge_refuses_is_refused(
    cloud: LocalCloud, changes: dict[str, Any], code: str
) -> None:
    request = {
        "ReplayName": "again",
        "EventSourceArn": cloud.attribute("Archive", "Arn"),
        "EventStartTime": cloud.now - timedelta(hours=1),
        "EventEndTime": cloud.now,
        "Destination": {"Arn": cloud.attribute("Bus", "Arn")},
    }

    with pytest.raises(ClientError) as error:
        cloud.client("events").start_replay(**{**request, **changes})

    assert error.value.response["Error"]["Code"] == code
