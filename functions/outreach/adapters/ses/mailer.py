"""Sends one message through SES, and classifies every refusal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypedDict

from botocore.config import Config
from botocore.exceptions import ClientError

from outreach.adapters.ses.mime import ascii_address, header_value, sender_address, tag_value
from outreach.adapters.ses.refusals import UNREACHED, refusal_of
from outreach.domain.errors import SendImpossibleError
from outreach.domain.journeys.campaign import MessageClass

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import (
        ContentTypeDef,
        MessageHeaderTypeDef,
        MessageTagTypeDef,
        MessageTypeDef,
    )

    from outreach.ports.sending import OutgoingEmail

_TAG_VALUE = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""What an SES message tag may hold (AWS limit)."""


def ses_client_config() -> Config:
    """Settings for the client of a SesMailer: one attempt only.

    SES has no idempotency token, so a retry that botocore makes by itself could send a second message.
    """
    return Config(
        retries={"total_max_attempts": 1, "mode": "standard"},
        connect_timeout=3,
        read_timeout=20,
        parameter_validation=False,  # a quarter of a bulk call's CPU; tests validate the parameters instead
    )


class _Envelope(TypedDict):
    FromEmailAddress: str
    ReplyToAddresses: list[str]
    ConfigurationSetName: str


class SesMailer:
    """Implements the port Mailer."""

    def __init__(
        self, client: SESV2Client, *, sender: str, reply_to: str | None, configuration_set: str
    ) -> None:
        self.client = client
        self.sender = sender_address(sender)
        self._reply_to = [] if reply_to is None else [sender_address(reply_to)]
        self._configuration_set = configuration_set

    def envelope(self) -> _Envelope:
        """The parameters of every call to SES."""
        return {
            "FromEmailAddress": self.sender,
            "ReplyToAddresses": self._reply_to,
            "ConfigurationSetName": self._configuration_set,
        }

    def send(self, email: OutgoingEmail) -> str:
        """Send to one recipient, and return SES's message id.

        Raises SendThrottledError (reason `daily_quota` or `rate`), SendingPausedError (`unreachable` without
        a connection) or SendImpossibleError when SES definitely did not take it; the reason is a code,
        because SES's text can hold the address.
        """
        tags = tags_of(email)
        try:
            to = ascii_address(email.to)
        except ValueError:
            raise SendImpossibleError("address_not_ascii") from None
        return self._send(to, _message(email), tags)

    def probe(self, to: str) -> None:
        """Send a message whose only purpose is that SES reports it. Raises as `send` does."""
        words = _utf8("This message shows that reports of sent messages come in.")
        message: MessageTypeDef = {"Subject": words, "Body": {"Text": words}}
        self._send(to, message, [{"Name": "probe", "Value": "feedback"}])

    def _send(self, to: str, message: MessageTypeDef, tags: list[MessageTagTypeDef]) -> str:
        try:
            answer = self.client.send_email(
                **self.envelope(),
                Destination={"ToAddresses": [to]},
                Content={"Simple": message},
                EmailTags=tags,
            )
        except (ClientError, *UNREACHED) as error:
            refusal = refusal_of(error, self.sender)
            if refusal is None:
                raise
            raise refusal from None
        return answer["MessageId"]


def _message(email: OutgoingEmail) -> MessageTypeDef:
    return {
        "Subject": _utf8(email.content.subject),
        "Body": {"Html": _utf8(email.content.html), "Text": _utf8(email.content.text)},
        "Headers": headers_of(email),
    }


def _utf8(words: str) -> ContentTypeDef:
    return {"Data": words, "Charset": "UTF-8"}


def headers_of(email: OutgoingEmail) -> list[MessageHeaderTypeDef]:
    """One-click unsubscribing (RFC 8058) for marketing, and ids for readers of a raw message."""
    headers: list[MessageHeaderTypeDef] = [
        {"Name": "X-Outreach-Campaign", "Value": header_value(email.send_id.campaign)},
        {"Name": "X-Outreach-Message", "Value": header_value(email.message)},
        {"Name": "X-Outreach-Customer", "Value": header_value(email.send_id.customer_id)},
    ]
    if email.is_marketing:
        headers += [
            {"Name": "List-Unsubscribe", "Value": f"<{email.links.unsubscribe}>"},
            {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
        ]
    return headers


def tags_of(email: OutgoingEmail) -> list[MessageTagTypeDef]:
    """SES repeats them in every event about this message: they identify the send.

    Raises SendImpossibleError for ids that are longer than a tag may be.
    """
    tags = {
        **email.send_id.as_tags(),
        "message": tag_value(email.message),
        "class": MessageClass.MARKETING if email.is_marketing else MessageClass.TRANSACTIONAL,
    }
    if not all(_TAG_VALUE.fullmatch(value) for value in tags.values()):
        raise SendImpossibleError("id_too_long_for_tag")
    return [{"Name": name, "Value": value} for name, value in tags.items()]
