"""What SES does with what it is asked to send."""

import email
import email.policy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_cloud import LocalCloud, SesAccount

SENDER = "Shop <hello@example.com>"


def simple(to: str = "ana@example.com", **changes: Any) -> dict[str, Any]:
    content = {
        "Subject": {"Data": "Grüße"},
        "Body": {"Text": {"Data": "Hallo"}, "Html": {"Data": "<p>Hallo Ä</p>"}},
    }
    return {
        "FromEmailAddress": SENDER,
        "Destination": {"ToAddresses": [to]},
        "Content": {"Simple": content},
        "ConfigurationSetName": "sample-dev",
        **changes,
    }


def with_simple(**parts: Any) -> dict[str, Any]:
    request = simple()
    request["Content"]["Simple"] |= parts
    return request


def bulk(addresses: list[str], **changes: Any) -> dict[str, Any]:
    content = {"Subject": "{{subject}}", "Html": "<b>{{{html}}}</b>", "Text": "{{ text }}"}
    headers = [{"Name": "X-Campaign", "Value": "win-back"}, {"Name": "X-Kept", "Value": "yes"}]
    return {
        "FromEmailAddress": SENDER,
        "ConfigurationSetName": "sample-dev",
        "DefaultEmailTags": [{"Name": "campaign", "Value": "win-back"}, {"Name": "send", "Value": "none"}],
        "DefaultContent": {
            "Template": {"TemplateContent": content, "TemplateData": '{"text": "t"}', "Headers": headers}
        },
        "BulkEmailEntries": [entry(address) for address in addresses],
        **changes,
    }


def entry(address: str, **data: str) -> dict[str, Any]:
    data = {"subject": f"For {address}", "html": "<i>&{{no}}</i>", **data}
    return {
        "Destination": {"ToAddresses": [address]},
        "ReplacementTags": [{"Name": "send", "Value": "s1"}],
        "ReplacementHeaders": [{"Name": "x-campaign", "Value": "other"}],
        "ReplacementEmailContent": {"ReplacementTemplate": {"ReplacementTemplateData": json.dumps(data)}},
    }


def refusal(cloud: LocalCloud, request: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        cloud.client("sesv2").send_email(**request)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_simple_message_becomes_mime_with_both_parts(cloud: LocalCloud) -> None:
    headers = [{"Name": "List-Unsubscribe", "Value": "<https://example.com/u>"}]
    cloud.client("sesv2").send_email(**with_simple(Headers=headers), EmailTags=[{"Name": "a", "Value": "b"}])
    (sent,) = cloud.outbox
    assert (sent.to, sent.subject, sent.text, sent.html) == (
        "ana@example.com",
        "Grüße",
        "Hallo",
        "<p>Hallo Ä</p>",
    )
    assert sent.headers == {"From": SENDER, "List-Unsubscribe": "<https://example.com/u>"}
    assert sent.tags == {"a": "b"}
    assert (sent.sender, sent.configuration_set) == (SENDER, "sample-dev")
    message = email.message_from_bytes(sent.raw, policy=email.policy.default)
    assert message["subject"] == "Grüße"
    assert message["list-unsubscribe"] == "<https://example.com/u>"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert message.get_body(("html",)).get_content().strip() == "<p>Hallo Ä</p>"  # type: ignore[union-attr] # it has one


def test_addresses_and_headers_stand_in_the_message_as_the_request_gave_them(cloud: LocalCloud) -> None:
    sender = f"=?utf-8?b?{'Q2Fmw6kgTsO6w7Fleg' * 6}==?= <hello@example.com>"  # longer than RFC 2047 allows
    unsubscribe = f"<https://example.com/u/{'x' * 300}>"
    request = with_simple(Headers=[{"Name": "List-Unsubscribe", "Value": unsubscribe}])
    cloud.client("sesv2").send_email(**request | {"FromEmailAddress": sender, "ReplyToAddresses": [sender]})

    lines = cloud.outbox[0].raw.decode().split("\r\n")

    assert cloud.outbox[0].sender == sender
    for line in (f"From: {sender}", f"Reply-To: {sender}", f"List-Unsubscribe: {unsubscribe}"):
        assert line in lines


def test_a_sender_longer_than_ses_takes_is_refused(cloud: LocalCloud) -> None:
    code, words = refusal(cloud, simple(FromEmailAddress=f"{'x' * 303} <hello@example.com>"))

    assert (code, words) == ("BadRequestException", "The From has 323 characters, the limit is 320.")


@pytest.mark.parametrize(
    ("local", "words"),
    [("ana..cocina", "contains dot-dot"), ("ana.", "ends with dot"), (".a", "starts with")],
)
def test_dots_that_no_address_may_have_are_refused(cloud: LocalCloud, local: str, words: str) -> None:
    code, told = refusal(cloud, simple(f"{local}@docomo.ne.jp"))

    assert code == "BadRequestException"
    assert words in told
    assert "docomo" not in told


def test_a_raw_message_is_kept_as_it_is(cloud: LocalCloud) -> None:
    raw = b"From: hello@example.com\r\nTo: ana@example.com\r\nSubject: Raw\r\nX-Mine: 1\r\n\r\nHello\r\n"
    cloud.client("sesv2").send_email(Content={"Raw": {"Data": raw}}, EmailTags=[{"Name": "a", "Value": "b"}])
    (sent,) = cloud.outbox
    assert (sent.raw, sent.to, sent.subject) == (raw, "ana@example.com", "Raw")
    assert (sent.headers["X-Mine"], sent.tags, sent.text.strip()) == ("1", {"a": "b"}, "Hello")


def test_a_bulk_send_fills_the_template_per_entry_and_escapes_nothing(cloud: LocalCloud) -> None:
    answer = cloud.client("sesv2").send_bulk_email(**bulk(["ana@example.com", "bob@example.com"]))
    assert [r["Status"] for r in answer["BulkEmailEntryResults"]] == ["SUCCESS", "SUCCESS"]
    ana, bob = cloud.outbox
    assert (ana.subject, bob.subject) == ("For ana@example.com", "For bob@example.com")
    assert (ana.html, ana.text) == ("<b><i>&{{no}}</i></b>", "t")
    assert ana.tags == {"campaign": "win-back", "send": "s1"}
    assert ana.headers == {"From": SENDER, "X-Kept": "yes", "x-campaign": "other"}
    assert [r["MessageId"] for r in answer["BulkEmailEntryResults"]] == [ana.message_id, bob.message_id]


def test_an_entry_with_a_bad_address_fails_alone(cloud: LocalCloud) -> None:
    answer = cloud.client("sesv2").send_bulk_email(
        **bulk(["ana@example.com", "añ@example.com", "bob@example.com"])
    )
    assert [r["Status"] for r in answer["BulkEmailEntryResults"]] == [
        "SUCCESS",
        "INVALID_PARAMETER",
        "SUCCESS",
    ]
    assert len(cloud.outbox) == 2


def test_a_missing_variable_is_accepted_then_dropped_and_reported(cloud: LocalCloud) -> None:
    request = bulk(["ana@example.com"])
    request["DefaultContent"]["Template"]["TemplateData"] = "{}"
    answer = cloud.client("sesv2").send_bulk_email(**request)
    assert answer["BulkEmailEntryResults"][0]["Status"] == "SUCCESS"
    assert cloud.outbox == ()
    cloud.advance(minutes=1)
    (event,) = [run.event for run in cloud.invocations if run.function == "FeedbackFunction"]
    assert event["detail-type"] == "Email Rendering Failed"
    assert (
        event["detail"]["failure"]["errorMessage"] == "Attribute 'text' is not present in the rendering data."
    )


@pytest.mark.parametrize(
    ("request_", "code", "says"),
    [
        (simple(FromEmailAddress="x@elsewhere.org"), "MessageRejected", "not verified"),
        (simple(FromEmailAddress=""), "BadRequestException", "FromEmailAddress"),
        (simple(ConfigurationSetName="none"), "NotFoundException", "<none> does not exist"),
        (simple(Destination={}), "BadRequestException", "recipient"),
        (
            simple(Destination={"ToAddresses": [f"a{n}@example.com" for n in range(51)]}),
            "BadRequestException",
            "exceeds 50",
        ),
        (simple("ana"), "BadRequestException", "Missing final '@domain'"),
        (simple("aña@example.com"), "BadRequestException", "7-bit ASCII"),
        (simple("ana@exämple.com"), "BadRequestException", "Punycode"),
        (simple("ana@example.com\r\nBcc: eve@example.com"), "BadRequestException", "domain"),
        (simple(EmailTags=[{"Name": "to", "Value": "ana@example.com"}]), "BadRequestException", "tag value"),
        (simple(EmailTags=[{"Name": "a" * 257, "Value": "b"}]), "BadRequestException", "tag name"),
        (with_simple(Headers=[{"Name": "Subject", "Value": "x"}]), "BadRequestException", "not allowed"),
        (with_simple(Headers=[{"Name": "X-A", "Value": "a\r\nBcc: e@x.org"}]), "BadRequestException", "X-A"),
        (with_simple(Headers=[{"Name": "X A", "Value": "a"}]), "BadRequestException", "header name"),
        (
            with_simple(Headers=[{"Name": f"X-{n}", "Value": "a"} for n in range(16)]),
            "BadRequestException",
            "limit is 15",
        ),
        (with_simple(Subject={"Data": "a\nb"}), "BadRequestException", "Subject"),
        (with_simple(Body={}), "BadRequestException", "text part or an HTML part"),
        (simple(Content={}), "BadRequestException", "exactly one"),
    ],
)
def test_a_request_that_ses_refuses_is_refused(
    cloud: LocalCloud, request_: dict[str, Any], code: str, says: str
) -> None:
    found, message = refusal(cloud, request_)
    assert (found, says in message) == (code, True), message
    assert "ana@" not in message
    assert cloud.outbox == ()


def test_more_than_fifty_entries_are_refused(cloud: LocalCloud) -> None:
    client = cloud.client("sesv2")
    with pytest.raises(client.exceptions.BadRequestException, match="51 entries"):
        client.send_bulk_email(**bulk([f"a{n}@example.com" for n in range(51)]))


def test_blocks_in_an_inline_template_are_refused(cloud: LocalCloud) -> None:
    request, client = bulk(["ana@example.com"]), cloud.client("sesv2")
    request["DefaultContent"]["Template"]["TemplateContent"]["Html"] = "{{#if a}}x{{/if}}"
    with pytest.raises(client.exceptions.BadRequestException, match="simple substitutions"):
        client.send_bulk_email(**request)


@pytest.fixture
def slow(sample: Path) -> Iterator[LocalCloud]:
    with LocalCloud(project=sample, ses=SesAccount(max_send_rate=2, max_24_hour_send=5)) as cloud:
        yield cloud


def test_the_rate_is_per_second_and_the_quota_per_rolling_day(slow: LocalCloud) -> None:
    client = slow.client("sesv2")
    statuses = []
    for _ in range(3):
        answer = client.send_bulk_email(**bulk(["a@example.com", "b@example.com", "c@example.com"]))
        statuses += [r["Status"] for r in answer["BulkEmailEntryResults"]]
        slow.advance(seconds=1)
    ok, slower, tomorrow = "SUCCESS", "ACCOUNT_THROTTLED", "ACCOUNT_DAILY_QUOTA_EXCEEDED"
    assert statuses == [ok, ok, slower, ok, ok, slower, ok, tomorrow, tomorrow]
    assert refusal(slow, simple()) == ("LimitExceededException", "Daily message quota exceeded.")
    assert client.get_account()["SendQuota"] == {"Max24HourSend": 5, "MaxSendRate": 2, "SentLast24Hours": 5}
    slow.advance(hours=24)
    client.send_email(**simple())
    assert len(slow.outbox) == 6


def test_a_quota_of_minus_one_is_no_limit(sample: Path) -> None:
    with LocalCloud(project=sample, ses=SesAccount(max_24_hour_send=-1)) as cloud:
        for _ in range(3):
            cloud.client("sesv2").send_email(**simple())
        quota = cloud.client("sesv2").get_account()["SendQuota"]

    assert (quota["Max24HourSend"], quota["SentLast24Hours"]) == (-1, 3)


def test_a_rate_of_zero_lets_nothing_through(sample: Path) -> None:
    with LocalCloud(project=sample, ses=SesAccount(max_send_rate=0)) as cloud:
        assert refusal(cloud, simple())[0] == "TooManyRequestsException"


def test_too_fast_is_too_many_requests(slow: LocalCloud) -> None:
    for _ in range(2):
        slow.client("sesv2").send_email(**simple())
    assert refusal(slow, simple()) == ("TooManyRequestsException", "Maximum sending rate exceeded.")


def test_the_sandbox_sends_to_verified_recipients_only(sample: Path) -> None:
    with LocalCloud(project=sample, ses=SesAccount(sandbox=True)) as cloud:
        assert refusal(cloud, simple("ana@elsewhere.org"))[0] == "MessageRejected"
        cloud.client("sesv2").create_email_identity(EmailIdentity="ana@elsewhere.org")
        cloud.client("sesv2").send_email(**simple("ana@elsewhere.org"))
        assert cloud.client("sesv2").get_account()["ProductionAccessEnabled"] is False
        assert refusal(cloud, simple("ana@elsewhere.org"))[0] == "TooManyRequestsException"


def kinds(cloud: LocalCloud) -> list[str]:
    return [run.event["detail-type"] for run in cloud.invocations if run.function == "FeedbackFunction"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("success@simulator.amazonses.com", ["Email Sent", "Email Delivered"]),
        ("bounce+label@simulator.amazonses.com", ["Email Sent", "Email Bounced"]),
        ("complaint@simulator.amazonses.com", ["Email Sent", "Email Delivered", "Email Complaint Received"]),
        ("ooto@simulator.amazonses.com", ["Email Sent", "Email Delivered"]),
        ("suppressionlist@simulator.amazonses.com", ["Email Sent", "Email Bounced"]),
        ("ana@example.com", ["Email Sent", "Email Delivered"]),
    ],
)
def test_the_mailbox_simulator_answers_as_on_aws(
    cloud: LocalCloud, address: str, expected: list[str]
) -> None:
    cloud.client("sesv2").send_email(**simple(address))
    cloud.advance(minutes=1)
    assert kinds(cloud) == expected


def test_without_a_configuration_set_there_is_no_feedback(cloud: LocalCloud) -> None:
    request = simple()
    del request["ConfigurationSetName"]
    cloud.client("sesv2").send_email(**request)
    cloud.advance(minutes=1)
    assert kinds(cloud) == []


def test_silence_on_demand(sample: Path) -> None:
    with LocalCloud(project=sample, ses=SesAccount(feedback=False)) as cloud:
        cloud.client("sesv2").send_email(**simple())
        cloud.advance(minutes=1)
        assert kinds(cloud) == []
        cloud.ses_event(
            "Email Bounced", cloud.outbox[0].message_id, bounceType="Transient", bounceSubType="MailboxFull"
        )
        (event,) = [run.event for run in cloud.invocations]
    assert (event["source"], event["detail"]["eventType"]) == ("aws.ses", "Bounce")
    assert event["detail"]["bounce"]["bounceType"] == "Transient"
    assert event["detail"]["bounce"]["bouncedRecipients"][0]["emailAddress"] == "ana@example.com"
    assert event["detail"]["mail"]["tags"]["ses:configuration-set"] == ["sample-dev"]


def test_a_hard_bounce_puts_the_address_on_the_suppression_list_and_nothing_more_goes_there(
    cloud: LocalCloud,
) -> None:
    client = cloud.client("sesv2")
    client.send_email(**simple())
    cloud.ses_event("Email Bounced", cloud.outbox[0].message_id)
    assert (
        client.get_suppressed_destination(EmailAddress="ana@example.com")["SuppressedDestination"]["Reason"]
        == "BOUNCE"
    )
    client.send_email(**simple())
    assert len(cloud.outbox) == 1
    cloud.advance(minutes=1)
    assert kinds(cloud).count("Email Bounced") == 2
    client.delete_suppressed_destination(EmailAddress="ana@example.com")
    client.send_email(**simple())
    assert len(cloud.outbox) == 2


def test_an_unknown_event_or_message_is_an_error_of_the_test(cloud: LocalCloud) -> None:
    with pytest.raises(ValueError, match="use one of Email Sent"):
        cloud.ses_event("Bounce", "x")
    with pytest.raises(LookupError, match="no message x"):
        cloud.ses_event("Email Bounced", "x")


def test_paused_sending_is_refused(cloud: LocalCloud) -> None:
    cloud.client("sesv2").put_account_sending_attributes(SendingEnabled=False)
    assert refusal(cloud, simple())[0] == "SendingPausedException"


def test_the_shapes_of_events_are_those_of_ses(cloud: LocalCloud) -> None:
    cloud.client("sesv2").send_email(**simple())
    for kind in (
        "Email Opened",
        "Email Clicked",
        "Email Rejected",
        "Email Delivery Delayed",
        "Email Subscribed",
    ):
        cloud.ses_event(kind, cloud.outbox[0].message_id)
    details = [run.event["detail"] for run in cloud.invocations if run.function == "FeedbackFunction"]
    found = {d["eventType"]: sorted(set(d) - {"eventType", "mail"}) for d in details}
    assert found == {
        "Send": ["send"],
        "Open": ["open"],
        "Click": ["click"],
        "Reject": ["reject"],
        "DeliveryDelay": ["deliveryDelay"],
        "Subscription": ["subscription"],
    }
