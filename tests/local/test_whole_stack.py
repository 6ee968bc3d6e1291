"""The sample application from an event to a delivered e-mail, and the promise that a run can be repeated."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from local_cloud import AlreadyRunningError, LocalCloud, Outcome

ANA = {"customer": {"id": "ana", "email": "ana@example.com"}}


def test_an_event_becomes_an_email_at_once_and_another_after_a_week(cloud: LocalCloud) -> None:
    cloud.emit("customer.signed_up", ANA)
    assert [m.subject for m in cloud.outbox] == ["Welcome!"]
    cloud.advance(days=6, hours=23)
    assert len(cloud.outbox) == 1
    cloud.advance(hours=2)
    first, second = cloud.outbox
    assert (second.to, second.subject) == ("ana@example.com", "Still there!")
    assert second.sent_at - first.sent_at == timedelta(days=7)


def test_everything_on_the_way_succeeds(cloud: LocalCloud) -> None:
    cloud.emit("customer.signed_up", ANA)
    cloud.advance(days=8)
    assert {run.outcome for run in cloud.invocations} == {Outcome.OK}
    assert cloud.dead == ()
    assert {run.function for run in cloud.invocations} == {
        "TakeInFunction",
        "GreetFunction",
        "FeedbackFunction",
        "DailyFunction",
    }


def test_the_record_of_calls_says_who_did_what(cloud: LocalCloud) -> None:
    cloud.emit("customer.signed_up", ANA)
    seen = [(c.function, c.service, c.operation) for c in cloud.calls]
    assert ("TakeInFunction", "stepfunctions", "StartExecution") in seen
    assert ("GreetFunction", "sesv2", "SendEmail") in seen
    assert {c.time for c in cloud.calls} == {datetime(2026, 3, 2, 9, tzinfo=UTC)}


def test_feedback_reaches_the_stack_and_names_the_message(cloud: LocalCloud) -> None:
    cloud.emit("customer.signed_up", ANA)
    cloud.advance(minutes=1)
    cloud.ses_event("Email Complaint Received", cloud.outbox[0].message_id)
    key = {"PK": {"S": f"MESSAGE#{cloud.outbox[0].message_id}"}, "SK": {"S": "FEEDBACK"}}
    item = cloud.client("dynamodb").get_item(TableName=cloud.resource("Table"), Key=key)["Item"]
    assert [e["S"] for e in item["seen"]["L"]] == [
        "Email Sent",
        "Email Delivered",
        "Email Complaint Received",
    ]


def _story(seed: int, project: Path) -> str:
    with LocalCloud(project=project, seed=seed) as cloud:
        cloud.emit("customer.signed_up", ANA)
        cloud.advance(days=8)
        return cloud.trace


def test_the_same_seed_gives_the_same_run_and_another_seed_another(sample: Path) -> None:
    assert _story(1, sample) == _story(1, sample)
    assert _story(1, sample) != _story(2, sample)


def test_another_process_with_another_hash_seed_has_the_same_run(sample: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from local_cloud import LocalCloud\n"
        "with LocalCloud(project=Path(sys.argv[1])) as cloud:\n"
        f"    cloud.emit('customer.signed_up', {ANA!r}); cloud.advance(days=8); print(cloud.trace)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "99", "PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run(
        [sys.executable, "-c", program, str(sample)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == _story(1, sample)


def test_a_second_cloud_at_the_same_time_is_refused(cloud: LocalCloud, sample: Path) -> None:
    assert cloud.outbox == ()
    with pytest.raises(AlreadyRunningError, match="leave it before"), LocalCloud(project=sample):
        pass


def test_plain_moto_time_and_randomness_are_as_before_afterwards(sample: Path) -> None:
    before = os.urandom, boto3.client, dict(os.environ)
    with LocalCloud(project=sample) as cloud:
        cloud.emit("customer.signed_up", ANA)
        assert datetime.now(UTC) == cloud.now
    assert (os.urandom, boto3.client, dict(os.environ)) == before
    assert abs(datetime.now(UTC) - cloud.now) > timedelta(hours=1)
    with mock_aws():
        queue = boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="plain")["QueueUrl"]
        assert queue.endswith("/plain")


def test_time_cannot_go_backwards(cloud: LocalCloud) -> None:
    with pytest.raises(ValueError, match="it is 2026-03-02"):
        cloud.advance(until="2026-03-01T00:00:00Z")


def test_a_time_without_a_zone_is_refused(sample: Path) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        LocalCloud("2026-03-02T09:00:00", project=sample)


def test_an_expired_item_is_gone_a_day_later(cloud: LocalCloud) -> None:
    table, expires = cloud.resource("Table"), str(int(cloud.now.timestamp()) + 3600)
    item = {"PK": {"S": "a"}, "SK": {"S": "b"}, "expires_at": {"N": expires}}
    cloud.client("dynamodb").put_item(TableName=table, Item=item)
    cloud.advance(hours=2)
    key = {"PK": {"S": "a"}, "SK": {"S": "b"}}
    assert "Item" in cloud.client("dynamodb").get_item(TableName=table, Key=key)
    cloud.advance(days=1)
    assert "Item" not in cloud.client("dynamodb").get_item(TableName=table, Key=key)
