"""Set-up messages of SES and SNS are recognised in every form, and nothing else is."""

import json

import pytest

from outreach.adapters.ses.setup_messages import read_set_up

VALIDATED = "Successfully validated SNS topic for Amazon SES event publishing."
SUBSCRIBED = json.dumps({"notificationType": "AmazonSnsSubscriptionSucceeded", "message": "You have ..."})


def enveloped(message: str) -> str:
    return json.dumps(
        {
            "Type": "Notification",
            "MessageId": "m-1",
            "TopicArn": "arn:aws:sns:us-east-1:123456789012:feedback",
            "Message": message,
            "Timestamp": "2026-03-02T09:00:00.000Z",
        }
    )


def of_sns(kind: str) -> str:
    url = "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37"
    return json.dumps({"Type": kind, "Token": "2336412f37", "SubscribeURL": url, "Message": "You have ..."})


@pytest.mark.parametrize("message", [VALIDATED, SUBSCRIBED])
@pytest.mark.parametrize("form", [str, enveloped])
def test_what_ses_publishes_to_a_new_topic_needs_no_action(message: str, form: type[str]) -> None:
    set_up = read_set_up(form(message))

    assert set_up is not None
    assert set_up.advice.startswith("nothing to do")


@pytest.mark.parametrize("kind", ["SubscriptionConfirmation", "UnsubscribeConfirmation"])
def test_what_sns_asks_about_a_subscription_says_what_to_do_and_keeps_the_token_secret(kind: str) -> None:
    set_up = read_set_up(of_sns(kind))

    assert set_up is not None
    assert "subscribe the queue" in set_up.advice
    assert "2336412f37" not in f"{set_up}"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "nonsense",
        "[]",
        "[" * 100_000,
        "{}",
        json.dumps({"Type": ["Notification"]}),
        json.dumps({"Type": "Notification"}),
        enveloped("nonsense"),
        enveloped(json.dumps({"notificationType": "Complaint"})),
        json.dumps({"eventType": "Complaint", "mail": {"messageId": VALIDATED}}),
    ],
)
def test_everything_else_is_no_set_up_message(body: str) -> None:
    assert read_set_up(body) is None
