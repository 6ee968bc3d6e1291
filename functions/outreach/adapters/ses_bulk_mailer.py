"""Hands many rendered messages to SES in one call, and reads what became of each."""

import json
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from outreach.adapters.mime import ascii_address
from outreach.adapters.ses_mailer import headers_of, refusal_of, tags_of
from outreach.domain.errors import SendImpossible, SendingPaused, SendRefused, SendThrottled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_sesv2.type_defs import (
        BulkEmailEntryResultTypeDef,
        BulkEmailEntryTypeDef,
        EmailTemplateContentTypeDef,
    )

    from outreach.adapters.ses_mailer import SesMailer
    from outreach.ports import OutgoingEmail

_CARRIER: "EmailTemplateContentTypeDef" = {"Subject": "{{subject}}", "Html": "{{html}}", "Text": "{{text}}"}
"""The messages are rendered already; SES's own template only carries them, and does not escape."""
_LONGEST_DATA = 262_144
"""Characters of one entry's replacement data (AWS quota)."""
_FEWEST = 2
_THROTTLED = {
    "ACCOUNT_THROTTLED": "rate",
    "ACCOUNT_DAILY_QUOTA_EXCEEDED": "daily_quota",
    "TRANSIENT_FAILURE": "transient_failure",
    "FAILED": "failed",
}
"""Not now. The next try is a call of its own, whose answer says more."""
_PAUSED = frozenset(
    {
        "MAIL_FROM_DOMAIN_NOT_VERIFIED",
        "CONFIGURATION_SET_NOT_FOUND",
        "CONFIGURATION_SET_DOES_NOT_EXIST",
        "TEMPLATE_NOT_FOUND",
        "TEMPLATE_DOES_NOT_EXIST",
        "INVALID_SENDING_POOL_NAME",
        "ACCOUNT_SUSPENDED",
        "ACCOUNT_SENDING_PAUSED",
        "CONFIGURATION_SET_SENDING_PAUSED",
    }
)
"""The account's or the set-up's fault, not the message's: a person must mend it."""


class SesBulkMailer:
    """Keeps the port BulkMailer."""

    def __init__(self, single: "SesMailer") -> None:
        self._single = single

    def send_all(self, emails: "Sequence[OutgoingEmail]") -> tuple[str | SendRefused, ...]:
        """For each message SES's id, or why it was definitely not taken.

        A message that does not fit a bulk call goes by itself; so do all of them when SES refuses the
        call as a whole for its rate.
        """
        answers: dict[int, str | SendRefused] = {}
        entries: dict[int, BulkEmailEntryTypeDef] = {}
        for place, email in enumerate(emails):
            entry = _entry(email)
            if isinstance(entry, SendRefused):
                answers[place] = entry
            elif (
                len(entry["ReplacementEmailContent"]["ReplacementTemplate"]["ReplacementTemplateData"])
                <= _LONGEST_DATA
            ):
                entries[place] = entry
            else:
                answers[place] = self._send(email)
        if len(entries) >= _FEWEST:
            answers |= self._send_bulk(entries, emails)
        else:
            answers |= {place: self._send(emails[place]) for place in entries}
        return tuple(answers[place] for place in range(len(emails)))

    def _send_bulk(
        self, entries: "dict[int, BulkEmailEntryTypeDef]", emails: "Sequence[OutgoingEmail]"
    ) -> dict[int, str | SendRefused]:
        try:
            results = self._single.client.send_bulk_email(
                **self._single.envelope(),
                DefaultContent={
                    "Template": {
                        "TemplateContent": _CARRIER,
                        "TemplateData": json.dumps(dict.fromkeys(("subject", "html", "text"), "")),
                    }
                },
                BulkEmailEntries=list(entries.values()),
            )["BulkEmailEntryResults"]
        except ClientError as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            if isinstance(refusal, SendThrottled) and refusal.reason == "rate":
                return {place: self._send(emails[place]) for place in entries}
            return dict.fromkeys(entries, refusal)
        return {place: _answer(result) for place, result in zip(entries, results, strict=True)}

    def _send(self, email: "OutgoingEmail") -> str | SendRefused:
        try:
            return self._single.send(email)
        except SendRefused as refusal:
            return refusal


def _entry(email: "OutgoingEmail") -> "BulkEmailEntryTypeDef | SendRefused":
    try:
        tags, to = tags_of(email), ascii_address(email.to)
    except SendRefused as refusal:
        return refusal
    except ValueError:
        return SendImpossible("address_not_ascii")
    content = email.content
    words = {"subject": content.subject, "html": content.html, "text": content.text}
    return {
        "Destination": {"ToAddresses": [to]},
        "ReplacementTags": tags,
        "ReplacementHeaders": headers_of(email),
        "ReplacementEmailContent": {
            "ReplacementTemplate": {"ReplacementTemplateData": json.dumps(words, ensure_ascii=False)}
        },
    }


def _fits(entry: "BulkEmailEntryTypeDef") -> bool:
    template = entry["ReplacementEmailContent"]["ReplacementTemplate"]
    return len(template["ReplacementTemplateData"]) <= _LONGEST_DATA


def _answer(result: "BulkEmailEntryResultTypeDef") -> str | SendRefused:
    """By the status of the entry; its words may hold an address, so they are not read."""
    status = result.get("Status", "FAILED")
    if status == "SUCCESS":
        return result["MessageId"]
    if status in _THROTTLED:
        return SendThrottled(_THROTTLED[status])
    return SendingPaused(status) if status in _PAUSED else SendImpossible(status)
