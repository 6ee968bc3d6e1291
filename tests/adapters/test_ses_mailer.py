"""What SES is asked to send, and what its refusals mean."""

import re
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from adapters.scripted_service import ScriptedService
from outreach.adapters.ses.mailer import SesMailer, ses_client_config
from outreach.domain.errors import (
    SendImpossibleError,
    SendingPausedError,
    SendRefusedError,
    SendThrottledError,
)
from outreach.domain.journeys.facts import Links
from outreach.domain.sending.rendering import RenderedEmail
from outreach.domain.sending.send import SendId
from outreach.ports.sending import OutgoingEmail

SEND_ID = SendId("c-ana", "onboarding", "c-ana", 1, "welcome")
EMAIL = OutgoingEmail(
    send_id=SEND_ID,
    to="ana@example.com",
    content=RenderedEmail("¡Hola, Ana!", "<p>Hola</p>", "Hola"),
    message="welcome",
    links=Links("https://mail.example.com/u/x", "https://mail.example.com/p/x", "https://s.example.com/x"),
    is_marketing=True,
)


UNVERIFIED = "Email address is not verified. The following identities failed the check in region EU-WEST-1"


class Rig:
    def __init__(self, **settings: Any) -> None:
        self.ses = ScriptedService("sesv2", ses_client_config())
        defaults = {"sender": "Ana's Shop <hello@shop.example>", "reply_to": None, "configuration_set": "out"}
        self.mailer = SesMailer(self.ses.client, **{**defaults, **settings})

    def sent(self, email: OutgoingEmail = EMAIL) -> dict[str, Any]:
        self.ses.answers({"MessageId": "ses-1"})
        self.mailer.send(email)
        return self.ses.requests[-1]


def _headers(request: dict[str, Any]) -> dict[str, str]:
    return {header["Name"]: header["Value"] for header in request["Content"]["Simple"]["Headers"]}


def test_a_message_goes_to_one_recipient_in_utf_8() -> None:
    request = Rig().sent()

    assert request["Destination"] == {"ToAddresses": ["ana@example.com"]}
    assert request["FromEmailAddress"] == "Ana's Shop <hello@shop.example>"
    assert request["ReplyToAddresses"] == []
    assert request["ConfigurationSetName"] == "out"
    assert request["Content"]["Simple"]["Subject"] == {"Data": "¡Hola, Ana!", "Charset": "UTF-8"}
    assert request["Content"]["Simple"]["Body"] == {
        "Html": {"Data": "<p>Hola</p>", "Charset": "UTF-8"},
        "Text": {"Data": "Hola", "Charset": "UTF-8"},
    }


def test_the_services_own_id_comes_back() -> None:
    rig = Rig()
    rig.ses.answers({"MessageId": "ses-1"})

    assert rig.mailer.send(EMAIL) == "ses-1"


def test_every_event_about_the_message_will_name_the_send() -> None:
    strange = replace(SEND_ID, customer_id="ñ #1/a", key="o:1 @shop")
    email = replace(EMAIL, send_id=strange, message="tip 1: ¡hola!")

    tags = {tag["Name"]: tag["Value"] for tag in Rig().sent(email)["EmailTags"]}

    assert SendId.from_tags(tags) == strange
    assert all(re.fullmatch("[A-Za-z0-9_-]+", value) for value in tags.values())
    assert (tags["campaign"], tags["step"], tags["message"]) == ("onboarding", "welcome", "tip_1___hola_")


@pytest.mark.parametrize(("is_marketing", "word"), [(True, "marketing"), (False, "transactional")])
def test_every_event_about_the_message_will_say_of_which_class_it_is(is_marketing: bool, word: str) -> None:
    tags = Rig().sent(replace(EMAIL, is_marketing=is_marketing))["EmailTags"]

    assert {"Name": "class", "Value": word} in tags


def test_marketing_can_be_unsubscribed_with_one_click() -> None:
    headers = _headers(Rig().sent())

    assert headers["List-Unsubscribe"] == "<https://mail.example.com/u/x>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_transactional_message_offers_no_unsubscribing() -> None:
    headers = _headers(Rig().sent(replace(EMAIL, is_marketing=False)))

    assert not any(name.startswith("List-") for name in headers)


def test_headers_hold_ids_in_printable_ascii() -> None:
    strange = replace(SEND_ID, customer_id="ñ 50%\r\nBcc: x")

    headers = _headers(Rig().sent(replace(EMAIL, send_id=strange)))

    assert headers["X-Outreach-Customer"] == "%C3%B1%2050%25%0D%0ABcc:%20x"
    assert headers["X-Outreach-Campaign"] == "onboarding"
    assert headers["X-Outreach-Message"] == "welcome"


def test_names_that_are_not_ascii_are_encoded_for_the_header() -> None:
    request = Rig(sender="Café Núñez <hola@café.example>", reply_to="help@shop.example").sent()

    assert request["FromEmailAddress"] == "=?utf-8?b?Q2Fmw6kgTsO6w7Fleg==?= <hola@xn--caf-dma.example>"
    assert request["ReplyToAddresses"] == ["help@shop.example"]


def test_a_sender_without_an_address_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="<an address>"):
        Rig(sender="The Shop")


@pytest.mark.parametrize(
    ("code", "message", "meaning", "reason"),
    [
        ("TooManyRequestsException", "Maximum sending rate exceeded.", SendThrottledError, "rate"),
        ("ThrottlingException", "Daily message quota exceeded.", SendThrottledError, "daily_quota"),
        ("LimitExceededException", "Daily message quota exceeded.", SendThrottledError, "daily_quota"),
        ("AccountSuspendedException", "no", SendingPausedError, "AccountSuspendedException"),
        ("SendingPausedException", "no", SendingPausedError, "SendingPausedException"),
        (
            "MailFromDomainNotVerifiedException",
            "no",
            SendingPausedError,
            "MailFromDomainNotVerifiedException",
        ),
        ("NotFoundException", "no configuration set", SendingPausedError, "NotFoundException"),
        ("AccessDeniedException", "no", SendingPausedError, "AccessDeniedException"),
        ("MessageRejected", "ana@example.com is not verified", SendImpossibleError, "recipient_not_verified"),
        ("BadRequestException", "ana@example.com is no address", SendImpossibleError, "BadRequestException"),
        ("MessageRejected", f"{UNVERIFIED}: hello@shop.example", SendingPausedError, "sender_not_verified"),
        (
            "MessageRejected",
            f"{UNVERIFIED}: ana@example.com, Shop.example",
            SendingPausedError,
            "sender_not_verified",
        ),
        (
            "MessageRejected",
            f"{UNVERIFIED}: Shop <HELLO@shop.example>.",
            SendingPausedError,
            "sender_not_verified",
        ),
        ("MessageRejected", f"{UNVERIFIED}: ana@example.com", SendImpossibleError, "recipient_not_verified"),
        ("MessageRejected", f"{UNVERIFIED}: ana@shop.example", SendImpossibleError, "recipient_not_verified"),
        (
            "MessageRejected",
            f"{UNVERIFIED}: hello@shop.example.com",
            SendImpossibleError,
            "recipient_not_verified",
        ),
        (
            "MessageRejected",
            f"{UNVERIFIED}: the-hello@shop.example",
            SendImpossibleError,
            "recipient_not_verified",
        ),
        ("MessageRejected", "hello@shop.example sent a virus", SendImpossibleError, "MessageRejected"),
    ],
)
def test_a_refusal_says_what_it_means_and_holds_none_of_its_words(
    code: str, message: str, meaning: type[SendRefusedError], reason: str
) -> None:
    rig = Rig()
    rig.ses.refuses(code, message)

    with pytest.raises(SendRefusedError) as refusal:
        rig.mailer.send(EMAIL)

    assert type(refusal.value) is meaning
    assert refusal.value.reason == str(refusal.value) == reason
    assert refusal.value.__suppress_context__


@pytest.mark.parametrize("error", [ConnectTimeoutError, EndpointConnectionError])
def test_no_connection_is_an_outage_because_no_other_message_would_get_one(error: type[Exception]) -> None:
    rig = Rig()
    rig.ses.breaks(error(endpoint_url="https://email.example.com"))

    with pytest.raises(SendingPausedError, match="unreachable"):
        rig.mailer.send(EMAIL)


def test_an_error_that_leaves_the_outcome_open_is_raised() -> None:
    rig = Rig()
    rig.ses.refuses("InternalServiceError", status=500)
    rig.ses.breaks(ReadTimeoutError(endpoint_url="https://email.example.com"))

    with pytest.raises(ClientError):
        rig.mailer.send(EMAIL)
    with pytest.raises(ReadTimeoutError):
        rig.mailer.send(EMAIL)


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalServiceError"])
def test_the_client_never_sends_twice_by_itself(code: str) -> None:
    rig = Rig()
    rig.ses.refuses(code, status=500)

    with pytest.raises((SendRefusedError, ClientError)):
        rig.mailer.send(EMAIL)
    assert len(rig.ses.requests) == 1


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        (replace(EMAIL, to="añá@example.com"), "address_not_ascii"),
        (replace(EMAIL, to="nobody"), "address_not_ascii"),
        (replace(EMAIL, send_id=replace(SEND_ID, customer_id="é" * 128)), "id_too_long_for_tag"),
    ],
)
def test_what_ses_could_never_take_is_not_even_tried(email: OutgoingEmail, reason: str) -> None:
    rig = Rig()

    with pytest.raises(SendImpossibleError, match=reason):
        rig.mailer.send(email)
    assert rig.ses.requests == []


def test_ids_of_128_characters_fit_into_the_tags() -> None:
    longest = SendId("c" * 128, "c" * 40, "o" * 128, 99_999_999, "s" * 40)

    tags = {tag["Name"]: tag["Value"] for tag in Rig().sent(replace(EMAIL, send_id=longest))["EmailTags"]}

    assert SendId.from_tags(tags) == longest
