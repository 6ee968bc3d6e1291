"""What SES is asked to send at once, and what each of its answers means."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from adapters.scripted_service import ScriptedService
from fakes import FakeClock
from local_cloud.ses.templates import fill
from outreach.adapters.ses.bulk_mailer import SesBulkMailer
from outreach.adapters.ses.mailer import SesMailer, ses_client_config
from outreach.domain.errors import (
    SendFalteredError,
    SendImpossibleError,
    SendingPausedError,
    SendRefusedError,
    SendThrottledError,
    SendUnclearError,
)
from outreach.domain.journeys.facts import Links
from outreach.domain.sending.rendering import RenderedEmail
from outreach.domain.sending.send import SendId
from outreach.ports.sending import OutgoingEmail

WORDS = RenderedEmail('¡Hola, "Ana" & {{name}}!', "<p>Hola\n\t{{{x}}} \\ \U0001f600</p>", "Hola\r\nadiós")


def an_email(number: int = 1, **fields: Any) -> OutgoingEmail:
    customer = f"c-{number}"
    email = OutgoingEmail(
        send_id=SendId(customer, "win-back", customer, 1, "we-miss-you"),
        to=f"{customer}@example.com",
        content=WORDS,
        message="we-miss-you",
        links=Links(
            f"https://mail.example.com/u/{customer}", "https://p.example.com", "https://s.example.com"
        ),
        is_marketing=True,
    )
    return replace(email, **fields)


EMAILS = [an_email(number) for number in range(3)]


SENDER_NOT_VERIFIED = (
    "Email address is not verified. The following identities failed the check in region EU-WEST-1: "
    "c-1@example.com, Shop <Hello@shop.example>"
)


class Rig:
    def __init__(self, *, seconds_per_call: float = 0) -> None:
        self.ses = ScriptedService("sesv2", ses_client_config())
        single = SesMailer(
            self.ses.client, sender="Shop <hello@shop.example>", reply_to=None, configuration_set="out"
        )
        clock, takes = FakeClock(), timedelta(seconds=seconds_per_call)
        self.ses.client.meta.events.register_first("before-call", lambda **_: clock.sleep(takes))
        self.mailer = SesBulkMailer(single, clock=clock)

    def answers(self, *statuses: str) -> None:
        """One for each entry; of those that were taken, the ids are ses-0, ses-1 and so on."""
        results = [
            {"Status": status, **({"MessageId": f"ses-{n}"} if status == "SUCCESS" else {"Error": "no"})}
            for n, status in enumerate(statuses)
        ]
        self.ses.answers({"BulkEmailEntryResults": results})

    @property
    def calls(self) -> list[str]:
        return ["bulk" if "BulkEmailEntries" in request else "single" for request in self.ses.requests]


def words_of(answers: tuple[Any, ...]) -> list[tuple[type, str] | str]:
    return [each if isinstance(each, str) else (type(each), getattr(each, "reason", "")) for each in answers]


def test_messages_go_in_one_call_and_their_ids_come_back_in_order() -> None:
    rig = Rig()
    rig.answers("SUCCESS", "SUCCESS", "SUCCESS")

    assert rig.mailer.send_all(EMAILS) == ("ses-0", "ses-1", "ses-2")
    assert rig.calls == ["bulk"]


def test_each_entry_has_its_own_recipient_tags_headers_and_words() -> None:
    rig = Rig()
    rig.answers("SUCCESS", "SUCCESS")
    rig.mailer.send_all(EMAILS[:2])

    (request,) = rig.ses.requests
    assert request["FromEmailAddress"] == "Shop <hello@shop.example>"
    assert request["ConfigurationSetName"] == "out"
    for entry, email in zip(request["BulkEmailEntries"], EMAILS, strict=False):
        assert entry["Destination"] == {"ToAddresses": [email.to]}
        tags = {tag["Name"]: tag["Value"] for tag in entry["ReplacementTags"]}
        assert SendId.from_tags(tags) == email.send_id
        headers = {header["Name"]: header["Value"] for header in entry["ReplacementHeaders"]}
        assert headers["List-Unsubscribe"] == f"<{email.links.unsubscribe}>"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        data = entry["ReplacementEmailContent"]["ReplacementTemplate"]["ReplacementTemplateData"]
        template = request["DefaultContent"]["Template"]["TemplateContent"]
        words = [fill(template[part], json.loads(data)) for part in ("Subject", "Html", "Text")]
        assert words == [WORDS.subject, WORDS.html, WORDS.text]


@pytest.mark.parametrize(
    ("status", "meaning", "reason"),
    [
        ("MESSAGE_REJECTED", SendImpossibleError, "MESSAGE_REJECTED"),
        ("INVALID_PARAMETER", SendImpossibleError, "INVALID_PARAMETER"),
        ("INVALID_PARAMETER_VALUE", SendImpossibleError, "INVALID_PARAMETER_VALUE"),
        ("MAIL_FROM_DOMAIN_NOT_VERIFIED", SendingPausedError, "MAIL_FROM_DOMAIN_NOT_VERIFIED"),
        ("CONFIGURATION_SET_NOT_FOUND", SendingPausedError, "CONFIGURATION_SET_NOT_FOUND"),
        ("CONFIGURATION_SET_DOES_NOT_EXIST", SendingPausedError, "CONFIGURATION_SET_DOES_NOT_EXIST"),
        ("TEMPLATE_NOT_FOUND", SendingPausedError, "TEMPLATE_NOT_FOUND"),
        ("TEMPLATE_DOES_NOT_EXIST", SendingPausedError, "TEMPLATE_DOES_NOT_EXIST"),
        ("INVALID_SENDING_POOL_NAME", SendingPausedError, "INVALID_SENDING_POOL_NAME"),
        ("ACCOUNT_SUSPENDED", SendingPausedError, "ACCOUNT_SUSPENDED"),
        ("ACCOUNT_SENDING_PAUSED", SendingPausedError, "ACCOUNT_SENDING_PAUSED"),
        ("CONFIGURATION_SET_SENDING_PAUSED", SendingPausedError, "CONFIGURATION_SET_SENDING_PAUSED"),
        ("ACCOUNT_THROTTLED", SendThrottledError, "rate"),
        ("ACCOUNT_DAILY_QUOTA_EXCEEDED", SendThrottledError, "daily_quota"),
        ("TRANSIENT_FAILURE", SendFalteredError, "TRANSIENT_FAILURE"),
        ("FAILED", SendFalteredError, "FAILED"),
        ("SOMETHING_NEW", SendFalteredError, "SOMETHING_NEW"),
    ],
)
def test_an_entry_that_was_not_taken_says_why_and_the_others_went(
    status: str, meaning: type[SendRefusedError], reason: str
) -> None:
    rig = Rig()
    rig.answers("SUCCESS", status, "SUCCESS")

    assert words_of(rig.mailer.send_all(EMAILS)) == ["ses-0", (meaning, reason), "ses-2"]
    assert rig.calls == ["bulk"]


def test_every_status_that_ses_knows_has_a_meaning_that_was_thought_about() -> None:
    shape = boto3.client("sesv2").meta.service_model.shape_for("BulkEmailStatus")
    (cases,) = [mark.args[1] for mark in _marks() if mark.name == "parametrize"]

    assert set(shape.enum) - {"SUCCESS"} <= {case[0] for case in cases}


def _marks() -> list[pytest.Mark]:
    marks: list[pytest.Mark] = test_an_entry_that_was_not_taken_says_why_and_the_others_went.pytestmark  # type: ignore[attr-defined]  # pytest puts it there
    return marks


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("TooManyRequestsException", "Maximum sending rate exceeded."),
        ("ThrottlingException", "Rate exceeded"),
        ("RequestEntityTooLargeException", "Request size exceeded"),
    ],
)
def test_a_call_that_is_refused_for_its_rate_or_size_is_made_message_by_message(
    code: str, message: str
) -> None:
    rig = Rig()
    rig.ses.refuses(code, message)
    for number in range(3):
        rig.ses.answers({"MessageId": f"ses-{number}"})

    assert rig.mailer.send_all(EMAILS) == ("ses-0", "ses-1", "ses-2")
    assert rig.calls == ["bulk", "single", "single", "single"]


def test_once_single_calls_are_refused_for_now_the_others_are_not_even_tried() -> None:
    rig = Rig()
    rig.ses.refuses("TooManyRequestsException", "Maximum sending rate exceeded.")
    rig.ses.answers({"MessageId": "ses-0"})
    rig.ses.refuses("TooManyRequestsException", "Maximum sending rate exceeded.")

    answers = rig.mailer.send_all(EMAILS)

    assert words_of(answers) == ["ses-0", (SendThrottledError, "rate"), (SendThrottledError, "rate")]
    assert rig.calls == ["bulk", "single", "single"]


def test_one_that_is_refused_for_good_does_not_stop_the_others() -> None:
    rig = Rig()
    rig.ses.refuses("TooManyRequestsException", "Maximum sending rate exceeded.")
    rig.ses.refuses("MessageRejected")
    rig.ses.answers({"MessageId": "ses-1"})
    rig.ses.answers({"MessageId": "ses-2"})

    assert words_of(rig.mailer.send_all(EMAILS)) == [
        (SendImpossibleError, "MessageRejected"),
        "ses-1",
        "ses-2",
    ]


def test_a_single_call_without_an_answer_leaves_only_that_message_unresolved() -> None:
    rig = Rig()
    rig.ses.refuses("TooManyRequestsException", "Maximum sending rate exceeded.")
    rig.ses.answers({"MessageId": "ses-0"})
    rig.ses.breaks(ReadTimeoutError(endpoint_url="https://email.example.com"))

    answers = rig.mailer.send_all(EMAILS)

    assert words_of(answers) == ["ses-0", (SendUnclearError, ""), (SendThrottledError, "no_answer")]


@pytest.mark.parametrize(
    ("code", "message", "meaning", "reason"),
    [
        ("LimitExceededException", "Daily message quota exceeded.", SendThrottledError, "daily_quota"),
        ("SendingPausedException", "no", SendingPausedError, "SendingPausedException"),
        ("AccountSuspendedException", "no", SendingPausedError, "AccountSuspendedException"),
        ("MessageRejected", SENDER_NOT_VERIFIED, SendingPausedError, "sender_not_verified"),
    ],
)
def test_a_refusal_of_the_account_is_the_answer_to_every_message(
    code: str, message: str, meaning: type[SendRefusedError], reason: str
) -> None:
    rig = Rig()
    rig.ses.refuses(code, message)

    assert words_of(rig.mailer.send_all(EMAILS)) == [(meaning, reason)] * 3
    assert rig.calls == ["bulk"]


@pytest.mark.parametrize(
    "code",
    [
        "BadRequestException",
        "ValidationException",
        "MessageRejected",
        "AccessDeniedException",
        "NotFoundException",
        "MailFromDomainNotVerifiedException",
    ],
)
def test_one_entry_that_ses_dislikes_does_not_take_the_others_with_it(code: str) -> None:
    rig = Rig()
    rig.ses.refuses(code)
    rig.ses.answers({"MessageId": "ses-0"})
    rig.ses.refuses("BadRequestException")
    rig.ses.answers({"MessageId": "ses-2"})

    answers = rig.mailer.send_all(EMAILS)

    assert words_of(answers) == ["ses-0", (SendImpossibleError, "BadRequestException"), "ses-2"]
    assert rig.calls == ["bulk", "single", "single", "single"]


def test_what_stops_a_single_call_for_all_stops_the_single_calls() -> None:
    rig = Rig()
    for _ in range(2):
        rig.ses.refuses("NotFoundException", "Configuration set <out> does not exist.")

    assert words_of(rig.mailer.send_all(EMAILS)) == [(SendingPausedError, "NotFoundException")] * 3
    assert rig.calls == ["bulk", "single"]


def test_an_entry_that_is_rejected_for_its_sender_is_not_to_blame() -> None:
    rig = Rig()
    entry = {"Status": "MESSAGE_REJECTED", "Error": SENDER_NOT_VERIFIED}
    rig.ses.answers({"BulkEmailEntryResults": [entry] * 3})

    assert words_of(rig.mailer.send_all(EMAILS)) == [(SendingPausedError, "sender_not_verified")] * 3


@pytest.mark.parametrize(
    ("code", "words", "late"),
    [
        ("TooManyRequestsException", "Rate exceeded", "rate"),
        ("RequestEntityTooLargeException", "Request size exceeded", "turn_over"),
        ("BadRequestException", "no", "turn_over"),
    ],
)
def test_single_calls_keep_to_the_second_of_the_permit_and_the_others_wait_for_their_own(
    code: str, words: str, late: str
) -> None:
    rig = Rig(seconds_per_call=0.25)
    rig.ses.refuses(code, words)
    for number in range(3):
        rig.ses.answers({"MessageId": f"ses-{number}"})

    answers = rig.mailer.send_all([an_email(number) for number in range(49)])

    assert words_of(answers) == ["ses-0", "ses-1", "ses-2", *[(SendThrottledError, late)] * 46]
    assert rig.calls == ["bulk", "single", "single", "single"]


def test_an_answer_that_was_lost_or_says_nothing_leaves_all_unresolved() -> None:
    for break_it in (
        lambda ses: ses.breaks(ReadTimeoutError(endpoint_url="https://email.example.com")),
        lambda ses: ses.refuses("InternalServiceError", status=500),
        lambda ses: ses.answers({"BulkEmailEntryResults": [{"Status": "SUCCESS", "MessageId": "ses-0"}]}),
    ):
        rig = Rig()
        break_it(rig.ses)

        answers = rig.mailer.send_all(EMAILS)

        assert words_of(answers) == [(SendUnclearError, "")] * 3
        assert rig.calls == ["bulk"]


@pytest.mark.parametrize("error", [ConnectTimeoutError, EndpointConnectionError])
def test_without_a_connection_nothing_can_have_gone(error: type[Exception]) -> None:
    rig = Rig()
    rig.ses.breaks(error(endpoint_url="https://email.example.com"))

    assert words_of(rig.mailer.send_all(EMAILS)) == [(SendingPausedError, "unreachable")] * 3


def test_one_message_alone_is_sent_by_itself() -> None:
    rig = Rig()
    rig.ses.answers({"MessageId": "ses-0"})

    assert rig.mailer.send_all(EMAILS[:1]) == ("ses-0",)
    assert rig.calls == ["single"]


def test_a_message_that_no_entry_may_hold_goes_by_itself_and_the_others_together() -> None:
    rig = Rig()
    rig.answers("SUCCESS", "SUCCESS")
    rig.ses.answers({"MessageId": "ses-large"})
    large = an_email(9, content=replace(WORDS, html="x" * 262_144))

    assert rig.mailer.send_all([EMAILS[0], large, EMAILS[1]]) == ("ses-0", "ses-large", "ses-1")
    assert rig.calls == ["bulk", "single"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"to": "añá@example.com"}, "address_not_ascii"),
        ({"send_id": SendId("é" * 128, "win-back", "k", 1, "s")}, "id_too_long_for_tag"),
    ],
)
def test_what_ses_could_never_take_is_not_even_tried(fields: dict[str, Any], reason: str) -> None:
    rig = Rig()
    rig.answers("SUCCESS", "SUCCESS")

    answers = rig.mailer.send_all([an_email(7, **fields), *EMAILS[:2]])

    assert words_of(answers) == [(SendImpossibleError, reason), "ses-0", "ses-1"]
    assert len(rig.ses.requests[0]["BulkEmailEntries"]) == 2


def test_nothing_to_send_is_no_call() -> None:
    rig = Rig()

    assert rig.mailer.send_all([]) == ()
    assert rig.calls == []
