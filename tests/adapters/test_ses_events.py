"""What SES reports, in every form it comes in, and what is no report at all."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from outreach.adapters.ses.events import body_of, read_report, read_sent
from outreach.domain.errors import InvalidFeedbackError
from outreach.domain.feedback.report import (
    Bounced,
    BounceKind,
    Clicked,
    Complained,
    ComplaintKind,
    Delivered,
    DeliveryDelayed,
    Feedback,
    Opened,
    Rejected,
    RenderingFailed,
    ReportSource,
    Sent,
    Subscribed,
)
from outreach.domain.sending.send import SendId

SAMPLES = Path(__file__).parents[1] / "events/ses"
HARD = Bounced(datetime(2017, 8, 5, 0, 41, 2, 669000, UTC), BounceKind.PERMANENT, "General")
KINDS: dict[str, type] = {
    "send": Sent,
    "reject": Rejected,
    "bounce": Bounced,
    "complaint": Complained,
    "delivery": Delivered,
    "open": Opened,
    "click": Clicked,
    "rendering-failure": RenderingFailed,
    "deliverydelay": DeliveryDelayed,
    "subscription": Subscribed,
}
EVENTS: dict[str, type] = {
    "sent": Sent,
    "rejected": Rejected,
    "bounced": Bounced,
    "complaint-received": Complained,
    "delivered": Delivered,
    "opened": Opened,
    "clicked": Clicked,
    "rendering-failed": RenderingFailed,
    "delivery-delayed": DeliveryDelayed,
    "subscribed": Subscribed,
}


def sample(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((SAMPLES / name).read_text())
    return read


def as_published(message: dict[str, Any]) -> str:
    return json.dumps(message)


def as_sns_in_sqs(message: dict[str, Any]) -> str:
    return json.dumps({"Type": "Notification", "MessageId": "m", "Message": json.dumps(message)})


def feedback_of(message: dict[str, Any]) -> Feedback:
    return read_report(json.dumps(message)).feedback


@pytest.mark.parametrize("envelope", [as_published, as_sns_in_sqs])
@pytest.mark.parametrize("name", KINDS)
def test_all_ten_kinds_of_event_publishing_are_read(
    name: str, envelope: Callable[[dict[str, Any]], str]
) -> None:
    report = read_report(envelope(sample(f"sns-event-publishing/{name}-record.json")))

    assert type(report.feedback) is KINDS[name]
    assert report.recipients == (("sender@example.com",) if name == "reject" else ("recipient@example.com",))
    assert report.message_id.startswith("EXAMPLE")
    assert report.send_id is None


@pytest.mark.parametrize("envelope", [as_published, as_sns_in_sqs])
@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("sns-event-publishing/send-record", ReportSource.SNS),
        ("eventbridge/email-sent", ReportSource.EVENTBRIDGE),
        ("sns-feedback-notification/amazon-sns-delivery-notification-example", None),
    ],
)
def test_the_envelope_has_the_source_and_the_older_notifications_have_none(
    name: str, source: ReportSource | None, envelope: Callable[[dict[str, Any]], str]
) -> None:
    assert read_report(envelope(sample(f"{name}.json"))).source is source


OURS = SendId("c-ana", "onboarding", "c-ana", 1, "welcome")


@pytest.mark.parametrize(
    "damage",
    [
        {"eventType": "Unheard of"},
        {"bounce": []},
        {"bounce": {"bounceType": 1}},
        {"bounce": {"bounceType": "Permanent", "timestamp": "soon"}},
    ],
)
def test_a_broken_report_with_our_tags_proves_that_the_message_was_taken(damage: dict[str, Any]) -> None:
    event = sample("sns-event-publishing/bounce-record.json") | damage
    event["mail"]["tags"] = {name: [value] for name, value in OURS.as_tags().items()}
    now = datetime(2026, 3, 2, tzinfo=UTC)
    with pytest.raises(InvalidFeedbackError):
        read_report(json.dumps(event))

    proof = read_sent(json.dumps(event), now)

    assert proof is not None
    sent_at = datetime.fromisoformat(event["mail"]["timestamp"])
    assert (proof.send_id, proof.feedback, proof.source) == (OURS, Sent(sent_at), None)

    event["mail"]["timestamp"] = "soon"
    undated = read_sent(json.dumps(event), now)
    assert undated is not None
    assert undated.feedback == Sent(now)


@pytest.mark.parametrize("body", ["nonsense", "[]", "{}", '{"mail": {"tags": {}, "messageId": "m"}}'])
def test_what_does_not_name_one_of_our_sends_proves_nothing(body: str) -> None:
    assert read_sent(body, datetime(2026, 3, 2, tzinfo=UTC)) is None


@pytest.mark.parametrize("without", [None, "eventType", "detail-type"])
@pytest.mark.parametrize("name", EVENTS)
def test_all_ten_kinds_of_eventbridge_are_read_by_either_name(name: str, without: str | None) -> None:
    event = sample(f"eventbridge/email-{name}.json")
    event.pop(without, None)
    event["detail"].pop(without, None)

    assert type(feedback_of(event)) is EVENTS[name]


def test_every_sample_is_of_a_kind_that_is_tested() -> None:
    published = {file.name.removesuffix("-record.json") for file in SAMPLES.glob("sns-event-publishing/*")}
    events = {file.stem.removeprefix("email-") for file in SAMPLES.glob("eventbridge/*")}

    assert (published, events) == (set(KINDS), set(EVENTS))


@pytest.mark.parametrize(
    ("name", "kind", "recipients"),
    [
        ("bounce-notification-with-a-dsn", Bounced, ("jane@example.com",)),
        ("bounce-notification-without-a-dsn", Bounced, ("jane@example.com", "richard@example.com")),
        ("complaint-notification-with-a-feedback-report", Complained, ("richard@example.com",)),
        ("complaint-notification-without-a-feedback-report", Complained, ("richard@example.com",)),
        ("amazon-sns-delivery-notification-example", Delivered, ("jane@example.com",)),
    ],
)
def test_the_older_notifications_are_read(name: str, kind: type, recipients: tuple[str, ...]) -> None:
    report = read_report(json.dumps(sample(f"sns-feedback-notification/{name}.json")))

    assert type(report.feedback) is kind
    assert report.recipients == recipients


def test_a_bounce_from_behind_a_forward_is_about_the_address_that_was_written_to() -> None:
    """`emailAddress` is then the report's Final-Recipient, an address without any row here."""
    event = sample("eventbridge/email-bounced.json")
    event["detail"]["bounce"]["bouncedRecipients"][0]["emailAddress"] = "ana@behind.example"

    recipients = read_report(json.dumps(event)).recipients

    assert recipients == ("ana@behind.example", "recipient@example.com")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bounce-permanent-general", (BounceKind.PERMANENT, "General")),
        ("bounce-permanent-noemail", (BounceKind.PERMANENT, "NoEmail")),
        ("bounce-permanent-suppressed", (BounceKind.PERMANENT, "Suppressed")),
        ("bounce-permanent-onaccountsuppressionlist", (BounceKind.PERMANENT, "OnAccountSuppressionList")),
        ("bounce-transient-general", (BounceKind.TRANSIENT, "General")),
        ("bounce-transient-mailboxfull", (BounceKind.TRANSIENT, "MailboxFull")),
        ("bounce-transient-messagetoolarge", (BounceKind.TRANSIENT, "MessageTooLarge")),
        ("bounce-transient-contentrejected", (BounceKind.TRANSIENT, "ContentRejected")),
        ("bounce-transient-attachmentrejected", (BounceKind.TRANSIENT, "AttachmentRejected")),
        ("bounce-undetermined-undetermined", (BounceKind.UNDETERMINED, "Undetermined")),
    ],
)
def test_every_kind_of_bounce_keeps_its_subtype(name: str, expected: tuple[BounceKind, str]) -> None:
    bounce = feedback_of(sample(f"sns-bounce-variants-composed/{name}.json"))

    assert isinstance(bounce, Bounced)
    assert (bounce.kind, bounce.subtype) == expected


def test_a_complaint_that_ses_made_up_says_so() -> None:
    complaint = feedback_of(sample("sns-bounce-variants-composed/complaint-onaccountsuppressionlist.json"))

    assert isinstance(complaint, Complained)
    assert (complaint.kind, complaint.subtype) == (ComplaintKind.UNKNOWN, "OnAccountSuppressionList")


def test_a_record_straight_from_sns_is_opened() -> None:
    (record,) = sample("sns-lambda-envelope-composed.json")["Records"]

    assert read_report(body_of(record)).feedback == HARD


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("abuse", ComplaintKind.ABUSE),
        ("not-spam", ComplaintKind.NOT_SPAM),
        ("new-word", ComplaintKind.UNKNOWN),
        (None, ComplaintKind.UNKNOWN),
        (["abuse"], ComplaintKind.UNKNOWN),
    ],
)
def test_a_complaint_is_one_unless_it_says_not_spam(said: object, kind: ComplaintKind) -> None:
    event = sample("eventbridge/email-complaint-received.json")
    event["detail"]["complaint"]["complaintFeedbackType"] = said

    complaint = feedback_of(event)

    assert isinstance(complaint, Complained)
    assert complaint.kind is kind
    assert complaint.is_complaint is (said != "not-spam")


@pytest.mark.parametrize("name", ["opened", "clicked"])
@pytest.mark.parametrize(
    ("mark", "machine"),
    [
        ({}, False),
        ({"isBot": True}, True),
        ({"isBot": "true"}, True),
        ({"isBot": False}, False),
        ({"automatedInteraction": True}, True),
        ({"machine": "Yes"}, True),
        ({"botDetection": {"isBot": True, "confidence": "HIGH"}}, True),
        ({"botDetection": {"isBot": False}}, False),
        ({"linkTags": {"bot": ["true"]}}, False),
    ],
)
def test_machines_are_distinguished_from_people_where_ses_says_so(
    name: str, mark: dict[str, Any], machine: bool
) -> None:
    event = sample(f"eventbridge/email-{name}.json")
    event["detail"][name.removesuffix("ed")] |= mark

    feedback = feedback_of(event)

    assert isinstance(feedback, Opened | Clicked)
    assert feedback.machine is machine


def test_our_tags_say_which_send_it_was() -> None:
    send_id = SendId("ñ#1", "onboarding", "o-1", 3, "welcome")
    event = sample("eventbridge/email-delivered.json")
    tags = event["detail"]["mail"]["tags"]
    tags |= {name: [value] for name, value in send_id.as_tags().items()}
    tags |= {"class": ["marketing"], "message": ["welcome"]}

    report = read_report(json.dumps(event))

    assert (report.send_id, report.is_marketing) == (send_id, True)


def test_what_happened_is_as_of_its_own_time_else_of_the_envelope_else_of_the_send() -> None:
    event = sample("eventbridge/email-sent.json")
    event["time"] = "2026-03-02T09:00:00Z"
    record = sample("sns-event-publishing/send-record.json")

    assert feedback_of(sample("eventbridge/email-bounced.json")).at == HARD.at
    assert feedback_of(event).at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert feedback_of(record).at == datetime(2016, 10, 14, 5, 2, 16, 645000, UTC)


@pytest.mark.parametrize(("kind", "block"), [("bounced", "bounce"), ("complaint-received", "complaint")])
@pytest.mark.parametrize("without", ["missing", "null", "empty", "nameless"])
def test_a_bounce_or_complaint_without_recipients_is_about_the_message(
    kind: str, block: str, without: str
) -> None:
    event = sample(f"eventbridge/email-{kind}.json")
    (name,) = [each for each in event["detail"][block] if each.endswith("Recipients")]
    event["detail"][block] |= {name: {"null": None, "empty": [], "nameless": [{}, "x"]}.get(without)}
    if without == "missing":
        del event["detail"][block][name]

    report = read_report(json.dumps(event))

    assert report.recipients == (("recipient@example.com",) if kind == "bounced" else ())
    assert report.destination == ("recipient@example.com",)


def _broken(*path: str, value: object = None) -> str:
    event = sample("eventbridge/email-bounced.json")
    holder = event
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] = value
    return json.dumps(event)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ("", "message"),
        ("Successfully validated SNS topic", "message"),
        ("[]", "message"),
        ("[" * 100_000, "message"),
        ('"\\ud800"', "message"),
        ('{"Type": "Notification", "Message": "hello"}', "Message"),
        ("{}", "eventType"),
        ('{"detail-type": "SendingState Status Disabled", "detail": {}}', "eventType"),
        (_broken("detail"), "detail"),
        (_broken("detail", "mail"), "mail"),
        (_broken("detail", "mail", "timestamp", value="soon"), "mail.timestamp"),
        (_broken("detail", "mail", "timestamp", value="0001-01-01T00:00:00+14:00"), "mail.timestamp"),
        (_broken("detail", "mail", "messageId"), "mail.messageId"),
        (_broken("detail", "bounce", value="hard"), "bounce"),
        (_broken("detail", "bounce", "bounceType", value="Sideways"), "bounce.bounceType"),
        (
            _broken("detail", "bounce", "bouncedRecipients", value="ana@example.com"),
            "bounce.bouncedRecipients",
        ),
        (_broken("detail", "bounce", "timestamp", value="ana@example.com"), "bounce.timestamp"),
    ],
)
def test_what_is_no_report_says_where_and_never_what_was_in_it(body: str, where: str) -> None:
    with pytest.raises(InvalidFeedbackError) as refusal:
        read_report(body)

    (problem,) = refusal.value.problems
    assert problem.where == where
    assert "example.com" not in str(refusal.value)


def test_words_of_ses_that_could_hold_anything_are_not_kept() -> None:
    bounce = feedback_of(json.loads(_broken("detail", "bounce", "bounceSubType", value="ana@example.com")))

    assert isinstance(bounce, Bounced)
    assert bounce.subtype == "Undetermined"
