"""What carries events between functions: queues, rules, and the dead-letter queues."""

import json
from typing import Any

import pytest

from local_cloud import LocalCloud, NotEmulatedError

ANA = {"customer": {"id": "ana", "email": "ana@example.com"}}
BOB = {"customer": {"id": "bob", "email": "bob@example.com"}}


def dead_letters(cloud: LocalCloud) -> list[Any]:
    url = cloud.resource("DeadLetters")
    messages = cloud.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(m["Body"]) for m in messages]


def test_a_poisoned_message_is_tried_three_times_and_then_set_aside_while_others_pass(
    cloud: LocalCloud,
) -> None:
    for detail in (ANA, {"poison": True, "customer": {}}, BOB):
        cloud.client("events").put_events(
            Entries=[
                {
                    "Source": "shop",
                    "DetailType": "x",
                    "Detail": json.dumps(detail),
                    "EventBusName": "sample-dev",
                }
            ]
        )
    cloud.settle()
    assert len(cloud.outbox) == 2
    cloud.advance(minutes=5)
    batches = [len(run.event["Records"]) for run in cloud.invocations if run.function == "TakeInFunction"]
    assert batches == [3, 1, 1]
    assert [(each.event["detail"]["poison"], each.reason) for each in cloud.refused] == [(True, "")]
    (event,) = dead_letters(cloud)
    assert event["detail"]["poison"] is True
    assert cloud.dead == ()


def test_an_events_envelope_is_complete(cloud: LocalCloud) -> None:
    cloud.emit("customer.signed_up", ANA)
    event = json.loads(cloud.invocations[0].event["Records"][0]["body"])
    assert event["detail"] == ANA
    assert (event["source"], event["detail-type"]) == ("shop", "customer.signed_up")
    assert (event["time"], event["account"], event["region"]) == (
        "2026-03-02T09:00:00Z",
        "123456789012",
        "us-east-1",
    )


def test_an_event_of_another_source_is_not_for_us(cloud: LocalCloud) -> None:
    cloud.emit("customer.signed_up", ANA, source="elsewhere")
    assert cloud.invocations == ()


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"Source": "aws.ses"}, "NotAuthorizedForSourceException"),
        ({"Detail": "[]"}, "MalformedDetail"),
        ({"Detail": "{"}, "MalformedDetail"),
        ({"DetailType": ""}, "InvalidArgument"),
    ],
)
def test_an_entry_that_eventbridge_would_refuse_is_refused(
    cloud: LocalCloud, entry: dict[str, str], code: str
) -> None:
    given = {"Source": "shop", "DetailType": "x", "Detail": "{}", "EventBusName": "sample-dev", **entry}
    answer = cloud.client("events").put_events(Entries=[given])
    assert answer["FailedEntryCount"] == 1
    assert answer["Entries"][0]["ErrorCode"] == code


def test_a_rule_without_permission_to_its_queue_loses_the_event_and_says_why(cloud: LocalCloud) -> None:
    cloud.client("sqs").set_queue_attributes(
        QueueUrl=cloud.resource("Intake"), Attributes={"Policy": '{"Statement": []}'}
    )
    cloud.emit("customer.signed_up", ANA)
    assert cloud.invocations == ()
    (refused,) = cloud.refused
    assert (refused.queue, refused.event["detail"], refused.sent_at) == ("DeadLetters", ANA, cloud.now)
    assert "its resource policy" in refused.reason
    (event,) = dead_letters(cloud)
    assert event["detail"] == ANA


def test_a_refused_message_shows_its_reason_and_is_neither_received_nor_hidden(cloud: LocalCloud) -> None:
    reason = {"Reason": {"DataType": "String", "StringValue": "detail: must be an object"}}
    for queue in ("Intake", "DeadLetters"):
        cloud.client("sqs").send_message(
            QueueUrl=cloud.resource(queue), MessageBody="[]", MessageAttributes=reason
        )

    for _ in range(2):
        (refused,) = cloud.refused
        assert (refused.queue, refused.body, refused.reason) == (
            "DeadLetters",
            "[]",
            "detail: must be an object",
        )
    assert dead_letters(cloud) == [[]]


def test_a_target_with_an_input_transformer_is_refused_instead_of_given_the_whole_event(
    cloud: LocalCloud,
) -> None:
    events = cloud.client("events")
    events.put_rule(Name="transformed", EventBusName="sample-dev", EventPattern='{"source": ["shop"]}')
    transformer = {"InputPathsMap": {"id": "$.detail.customer.id"}, "InputTemplate": '{"who": <id>}'}
    target = {"Id": "1", "Arn": cloud.attribute("DeadLetters", "Arn"), "InputTransformer": transformer}
    with pytest.raises(NotEmulatedError, match="InputTransformer"):
        events.put_targets(Rule="transformed", EventBusName="sample-dev", Targets=[target])


def test_a_message_is_hidden_while_it_is_worked_on_and_comes_back(cloud: LocalCloud) -> None:
    sqs, url = cloud.client("sqs"), cloud.resource("DeadLetters")
    sqs.send_message(QueueUrl=url, MessageBody="hello", DelaySeconds=10)
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    cloud.advance(seconds=10)
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "hello"
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    cloud.advance(seconds=31)
    again = sqs.receive_message(QueueUrl=url, AttributeNames=["All"])["Messages"][0]
    assert again["Attributes"]["ApproximateReceiveCount"] == "2"
    sqs.delete_message(QueueUrl=url, ReceiptHandle=again["ReceiptHandle"])
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    assert counts["Attributes"] == {"ApproximateNumberOfMessages": "0"}


def test_a_topic_delivers_to_a_queue(cloud: LocalCloud) -> None:
    sns, sqs, queue = cloud.client("sns"), cloud.client("sqs"), cloud.resource("DeadLetters")
    policy = {
        "Statement": {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    }
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(policy)})
    arn = cloud.attribute("DeadLetters", "Arn")
    sns.subscribe(TopicArn=cloud.resource("Alarms"), Protocol="sqs", Endpoint=arn)
    sns.publish(TopicArn=cloud.resource("Alarms"), Message="fire", Subject="s")
    cloud.settle()
    assert [dead_letter["Message"] for dead_letter in dead_letters(cloud)] == ["fire"]
