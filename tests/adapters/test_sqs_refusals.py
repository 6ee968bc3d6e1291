"""A refused event is in the dead-letter queue unchanged, with the reason beside it."""

import boto3
from moto import mock_aws

from outreach.adapters.events.sqs_refusals import SqsRefusals
from outreach.domain.errors import Problem


@mock_aws
def refused(body: str, *problems: Problem) -> tuple[str, str]:
    """The message in the queue, and its reason."""
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="refused")["QueueUrl"]
    SqsRefusals(sqs, queue_url=url).refuse(body, problems)
    (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"])["Messages"]
    assert set(message["MessageAttributes"]) == {"Reason"}
    return message["Body"], message["MessageAttributes"]["Reason"]["StringValue"]


def test_the_message_is_kept_to_the_byte() -> None:
    body = '{"detail-type": "ñ",\t"detail": {"a": 1.50}}\n'

    assert refused(body, Problem("message", "wrong"))[0] == body


def test_every_problem_is_in_the_reason() -> None:
    problems = (Problem("customer.id", "is required"), Problem("order.total", "must be text"))

    assert refused("{}", *problems)[1] == "customer.id: is required; order.total: must be text"


def test_a_long_reason_is_cut_off() -> None:
    problems = (Problem(f"properties.p{n}", "must be something else") for n in range(500))

    reason = refused("{}", *problems)[1]

    assert len(reason) == 1000
    assert reason.startswith("properties.p0: must be")
