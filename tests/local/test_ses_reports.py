"""SES's reports on their two ways: who may publish to a topic, what is lost, and what a topic passes on."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from local_cloud import LocalCloud, ReportLoss, SesAccount

ARN = "arn:aws:ses:${AWS::Region}:${AWS::AccountId}:configuration-set/${Set}"
NARROW = {
    "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
    "ArnEquals": {"aws:SourceArn": {"Fn::Sub": ARN}},
}
ANOTHER_SET = {"ArnEquals": {"aws:SourceArn": {"Fn::Sub": ARN.replace("${Set}", "other")}}}


def statement(service: str, action: str, resource: Any, condition: Any) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": service},
                "Action": action,
                "Resource": resource,
                "Condition": condition,
            }
        ],
    }


def stack(
    folder: Path,
    *,
    policy: dict[str, Any] | None,
    service: str = "ses.amazonaws.com",
    queue_policy: bool = True,
) -> Path:
    """Both ways into one queue, with a dead-letter queue for what the topic cannot deliver."""
    topic, queue, dead = ({"Ref": "Topic"}, {"Fn::GetAtt": ["Queue", "Arn"]}, {"Fn::GetAtt": ["Dead", "Arn"]})
    from_topic = {"ArnEquals": {"aws:SourceArn": topic}}
    resources: dict[str, Any] = {
        "Dead": {"Type": "AWS::SQS::Queue"},
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Subscription": {
            "Type": "AWS::SNS::Subscription",
            "Properties": {
                "TopicArn": topic,
                "Protocol": "sqs",
                "Endpoint": queue,
                "RawMessageDelivery": True,
                "RedrivePolicy": {"deadLetterTargetArn": dead},
            },
        },
        "Identity": {"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": "example.com"}},
        "Set": {"Type": "AWS::SES::ConfigurationSet", "Properties": {"Name": "out"}},
        "Destination": {
            "Type": "AWS::SES::ConfigurationSetEventDestination",
            "Properties": {
                "ConfigurationSetName": {"Ref": "Set"},
                "EventDestination": {
                    "Enabled": True,
                    "MatchingEventTypes": ["send", "renderingFailure"],
                    "SnsDestination": {"TopicARN": topic},
                },
            },
        },
        "QueuePolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": "Queue"}, {"Ref": "Dead"}] if queue_policy else [{"Ref": "Dead"}],
                "PolicyDocument": statement("sns.amazonaws.com", "sqs:SendMessage", "*", from_topic),
            },
        },
    }
    if policy is not None:
        document = statement(service, "sns:Publish", topic, policy)
        resources["TopicPolicy"] = {
            "Type": "AWS::SNS::TopicPolicy",
            "Properties": {"Topics": [topic], "PolicyDocument": document},
        }
        resources["Destination"]["DependsOn"] = "TopicPolicy"
    (folder / "template.yaml").write_text(yaml.safe_dump({"Resources": resources}))
    return folder


def send(cloud: LocalCloud, number: int = 1) -> list[str]:
    return [
        cloud.client("sesv2").send_email(
            FromEmailAddress="shop@example.com",
            Destination={"ToAddresses": [f"c-{each}@example.com"]},
            Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
            ConfigurationSetName="out",
        )["MessageId"]
        for each in range(number)
    ]


def received(cloud: LocalCloud, queue: str = "Queue") -> list[dict[str, Any]]:
    sqs, found = cloud.client("sqs"), []
    while batch := sqs.receive_message(QueueUrl=cloud.resource(queue), MaxNumberOfMessages=10).get(
        "Messages"
    ):
        found += [json.loads(each["Body"]) for each in batch]
    return found


def test_a_topic_that_admits_ses_passes_its_events_on_without_an_envelope(tmp_path: Path) -> None:
    with LocalCloud(project=stack(tmp_path, policy=NARROW)) as cloud:
        (message_id,) = send(cloud)
        cloud.advance(minutes=1)

        (event,) = received(cloud)
        assert (event["eventType"], event["mail"]["messageId"]) == ("Send", message_id)
        assert event["mail"]["tags"]["ses:configuration-set"] == ["out"]
        assert cloud.dead == ()


@pytest.mark.parametrize(
    ("policy", "service"),
    [(None, ""), (NARROW, "events.amazonaws.com"), (ANOTHER_SET, "ses.amazonaws.com")],
    ids=["no policy", "another service", "another configuration set"],
)
def test_a_destination_whose_topic_does_not_admit_ses_is_refused(
    tmp_path: Path, policy: dict[str, Any] | None, service: str
) -> None:
    with (
        pytest.raises(ClientError, match="Could not publish to SNS topic"),
        LocalCloud(project=stack(tmp_path, policy=policy, service=service)),
    ):
        pass


def test_when_a_topics_policy_is_taken_away_later_the_events_are_lost(tmp_path: Path) -> None:
    with LocalCloud(project=stack(tmp_path, policy=NARROW)) as cloud:
        cloud.client("sns").set_topic_attributes(
            TopicArn=cloud.resource("Topic"), AttributeName="Policy", AttributeValue='{"Statement": []}'
        )
        send(cloud)
        cloud.advance(minutes=1)

        assert received(cloud) == []
        (lost,) = cloud.dead
        assert "ses.amazonaws.com may not deliver" in lost.reason


def test_what_a_queue_does_not_admit_goes_to_the_subscriptions_dead_letter_queue(tmp_path: Path) -> None:
    with LocalCloud(project=stack(tmp_path, policy=NARROW, queue_policy=False)) as cloud:
        send(cloud)
        cloud.advance(minutes=1)

        assert received(cloud) == []
        assert [event["eventType"] for event in received(cloud, "Dead")] == ["Send"]


def reported(folder: Path, loss: ReportLoss, number: int = 300) -> set[str]:
    with LocalCloud(project=folder, ses=SesAccount(loss=loss)) as cloud:
        send(cloud, number)
        cloud.advance(minutes=1)
        return {event["mail"]["destination"][0] for event in received(cloud)}


def test_the_share_of_messages_that_are_not_reported_is_as_asked_and_the_same_each_time(
    tmp_path: Path,
) -> None:
    folder = stack(tmp_path, policy=NARROW)
    sets = [
        reported(folder, loss)
        for loss in (
            ReportLoss(sns=0.2, seed=1),
            ReportLoss(sns=0.2, seed=1),
            ReportLoss(sns=0.2, seed=2),
            ReportLoss(both=0.2, seed=1),
            ReportLoss(eventbridge=0.9),
        )
    ]

    assert Counter(len(each) for each in sets)[300] == 1
    assert sets[0] == sets[1]
    assert sets[0] != sets[2]
    assert [205 <= len(each) <= 275 for each in sets[:4]] == [True] * 4
