"""The function that takes in feedback: input, records that return to the queue, log lines."""

import json
from datetime import timedelta
from typing import Any

import pytest

from builders import a_send, an_enrollment
from handlers.functions import FunctionFailedError, Functions, batch_of, sample
from outreach.adapters.dynamodb import DynamoTable
from outreach.domain.sending.send import SendId, SendStatus

FUNCTION = "TakeInFeedbackFunction"


def bounce(address: str = "ana@example.com") -> dict[str, Any]:
    event = sample("ses/eventbridge/email-bounced")
    event["detail"]["bounce"]["bouncedRecipients"][0]["emailAddress"] = address
    event["detail"]["mail"]["destination"] = [address]
    return event


def refused(functions: Functions) -> list[str]:
    answer = functions.cloud.client("sqs").receive_message(
        QueueUrl=functions.cloud.resource("FeedbackDeadLetterQueue"),
        MessageAttributeNames=["Reason"],
        MaxNumberOfMessages=10,
    )
    return [each["MessageAttributes"]["Reason"]["StringValue"] for each in answer.get("Messages", [])]


def suppressed(functions: Functions) -> list[str]:
    rows = functions.cloud.client("dynamodb").scan(TableName=functions.cloud.resource("Table"))["Items"]
    return [row["suppressed"]["S"] for row in rows if row["SK"]["S"] == "ADDRESS"]


def test_a_good_report_is_taken_in_and_a_bad_one_refused_with_its_reason(functions: Functions) -> None:
    answer = functions.call(FUNCTION, batch_of("nonsense", json.dumps(bounce()), "[]"))

    assert answer == {"batchItemFailures": []}
    assert suppressed(functions) == ["hard_bounce"]
    assert refused(functions) == [
        "message: is not JSON; it must be an event of SES",
        "message: must be a JSON object",
    ]


def test_set_up_messages_are_acknowledged_and_logged_without_their_token(functions: Functions) -> None:
    asks = {
        "Type": "SubscriptionConfirmation",
        "Token": "t-0ken",
        "SubscribeURL": "https://sns/?Token=t-0ken",
    }
    validated = "Successfully validated SNS topic for Amazon SES event publishing."
    envelope = {"Type": "Notification", "MessageId": "m-1", "Message": validated}

    answer = functions.call(FUNCTION, batch_of(validated, json.dumps(envelope), json.dumps(asks)))

    assert answer == {"batchItemFailures": []}
    assert refused(functions) == []
    logged = [line.text for line in functions.cloud.logs if "set-up message" in line.text]
    assert len(logged) == 3
    assert "subscribe the queue from the account that owns it" in logged[2]
    assert "t-0ken" not in "".join(logged)


def test_a_refusal_that_cannot_be_kept_stays_in_the_queue_and_the_rest_is_done(functions: Functions) -> None:
    cloud = functions.cloud
    cloud.client("sqs").delete_queue(QueueUrl=cloud.resource("FeedbackDeadLetterQueue"))

    answer = functions.call(FUNCTION, batch_of("nonsense", json.dumps(bounce())))

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-0"}]}
    assert suppressed(functions) == ["hard_bounce"]


def test_a_report_that_fails_comes_back_alone(functions: Functions) -> None:
    strange = bounce()
    tags = {"customer": "Yw", "campaign": "x" * 2000, "key": "aw", "run": "1", "step": "s"}
    strange["detail"]["mail"]["tags"] = {name: [value] for name, value in tags.items()}

    answer = functions.call(FUNCTION, batch_of(json.dumps(strange), json.dumps(bounce())))

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-0"}]}
    (said,) = [json.loads(line.text) for line in functions.cloud.logs if "not taken in" in line.text]
    assert said["facts"]["error"] == "KeyTooLongError"


def broken_bounce(send_id: SendId) -> dict[str, Any]:
    """Of one of our messages, in a form that SES does not use."""
    event = bounce()
    event["detail"]["mail"]["tags"] = {name: [value] for name, value in send_id.as_tags().items()}
    event["detail"]["bounce"]["bounceType"] = "Unheard of"
    return event


def test_a_report_that_breaks_the_form_proves_that_its_message_went_before_it_is_refused(
    functions: Functions,
) -> None:
    cloud = functions.cloud
    table = DynamoTable(cloud.client("dynamodb"), cloud.resource("Table"), shards=2)
    claimed = an_enrollment(sends={"welcome": a_send(SendStatus.CLAIMED)})
    table.enrollments.save(claimed)
    send_id = claimed.send_id("welcome")

    answer = functions.call(FUNCTION, batch_of(json.dumps(broken_bounce(send_id))))

    assert answer == {"batchItemFailures": []}
    assert table.delivery_ledger.sent(send_id).status is SendStatus.SENT
    assert refused(functions) == ["bounce.bounceType: must be Permanent, Transient or Undetermined"]
    assert table.feedback_marks.health().marks == {}


def test_a_report_whose_proof_cannot_be_stored_is_not_refused_yet(functions: Functions) -> None:
    unstorable = SendId("c-ana", "x" * 2000, "c-ana", 1, "welcome")

    answer = functions.call(FUNCTION, batch_of(json.dumps(broken_bounce(unstorable))))

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m-0"}]}
    assert refused(functions) == []


@pytest.mark.parametrize(("minutes", "is_behind"), [(0, False), (5, False), (6, True)])
def test_a_record_that_waited_longer_than_five_minutes_says_that_feedback_is_behind(
    functions: Functions, minutes: int, is_behind: bool
) -> None:
    cloud = functions.cloud
    report = bounce()
    report["detail"]["mail"]["tags"]["ses:configuration-set"] = [cloud.resource("ConfigurationSet")]
    batch = batch_of(json.dumps(report), json.dumps(report))
    sent_at = cloud.now - timedelta(minutes=minutes)
    for record, at in zip(batch["Records"], (cloud.now, sent_at), strict=True):
        record["attributes"]["SentTimestamp"] = str(int(at.timestamp() * 1000))

    functions.call(FUNCTION, batch)

    table = DynamoTable(cloud.client("dynamodb"), cloud.resource("Table"), shards=2)
    health = table.feedback_marks.health()
    assert (health.behind_at is not None) is is_behind
    assert (health.marks == {}) is is_behind


def test_a_topic_may_call_it_directly_and_gets_the_error_when_it_fails(functions: Functions) -> None:
    envelope = sample("ses/sns-lambda-envelope-composed")
    assert functions.call(FUNCTION, envelope) == {"batchItemFailures": []}
    assert suppressed(functions) == ["hard_bounce"]

    cloud = functions.cloud
    cloud.client("sqs").delete_queue(QueueUrl=cloud.resource("FeedbackDeadLetterQueue"))
    envelope["Records"][0]["Sns"]["Message"] = "nonsense"
    with pytest.raises(FunctionFailedError):
        functions.call(FUNCTION, envelope)


def test_nothing_personal_is_logged(functions: Functions) -> None:
    broken = bounce()
    broken["detail"]["bounce"]["timestamp"] = "ana@example.com"
    functions.call(FUNCTION, batch_of(json.dumps(bounce()), json.dumps(broken)))

    logged = "\n".join(line.text for line in functions.cloud.logs)

    assert "feedback refused" in logged
    assert "feedback taken in" in logged
    assert "ana@" not in logged
