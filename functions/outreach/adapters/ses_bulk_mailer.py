"""Hands many rendered messages to SES in one call, and reads what became of each."""

import json
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from outreach.adapters.mime import ascii_address
from outreach.adapters.ses_mailer import headers_of, refusal_of, tags_of
from outreach.domain.errors import (
    SendImpossible,
    SendingPaused,
    SendRefused,
    SendThrottled,
    SendUnclear,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mypy_boto3_sesv2.type_defs import (
        BulkEmailContentTypeDef,
        BulkEmailEntryResultTypeDef,
        BulkEmailEntryTypeDef,
    )

    from outreach.adapters.ses_mailer import SesMailer
    from outreach.ports import OutgoingEmail

_CARRIER: "BulkEmailContentTypeDef" = {
    "Template": {
        "TemplateContent": {"Subject": "{{subject}}", "Html": "{{html}}", "Text": "{{text}}"},
        "TemplateData": json.dumps(dict.fromkeys(("subject", "html", "text"), "")),
    }
}
"""The messages are rendered already; SES's own template only carries them, and does not escape."""
_LONGEST_DATA = 262_144
"""Characters of one entry's replacement data (AWS quota)."""
_FEWEST = 2
"""For one message alone SendEmail says more."""
_TOO_MUCH_AT_ONCE = frozenset({"413", "RequestEntityTooLargeException"})
_LIMITS = {"ACCOUNT_THROTTLED": "rate", "ACCOUNT_DAILY_QUOTA_EXCEEDED": "daily_quota"}
_IMPOSSIBLE = frozenset({"MESSAGE_REJECTED", "INVALID_PARAMETER", "INVALID_PARAMETER_VALUE"})
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

type Answer = str | SendRefused | SendUnclear


class SesBulkMailer:
    """Keeps the port BulkMailer."""

    def __init__(self, single: "SesMailer") -> None:
        self._single = single

    def send_all(self, emails: "Sequence[OutgoingEmail]") -> tuple[Answer, ...]:
        """For each message SES's id, or why it was definitely not taken, or that nobody knows.

        A message that does not fit a bulk call goes by itself; so do all of them when SES refuses the
        call as a whole for its rate or its size.
        """
        answers: dict[int, Answer] = {}
        entries: dict[int, BulkEmailEntryTypeDef] = {}
        alone: dict[int, OutgoingEmail] = {}
        for place, email in enumerate(emails):
            entry = _entry(email)
            if isinstance(entry, SendRefused):
                answers[place] = entry
            elif _fits(entry):
                entries[place] = entry
            else:
                alone[place] = email
        if len(entries) >= _FEWEST:
            answers |= self._send_bulk(entries, emails)
        else:
            alone |= {place: emails[place] for place in entries}
        answers |= self._send_singly(alone)
        return tuple(answers[place] for place in range(len(emails)))

    def _send_bulk(
        self, entries: "Mapping[int, BulkEmailEntryTypeDef]", emails: "Sequence[OutgoingEmail]"
    ) -> dict[int, Answer]:
        try:
            results = self._single.client.send_bulk_email(
                **self._single.envelope(),
                DefaultContent=_CARRIER,
                BulkEmailEntries=list(entries.values()),
            )["BulkEmailEntryResults"]
        except (ClientError, BotoCoreError) as error:
            refusal = refusal_of(error)
            if _asks_for_single_calls(error, refusal):
                return self._send_singly({place: emails[place] for place in entries})
            return dict.fromkeys(entries, refusal or _unclear(error))
        if len(results) != len(entries):
            return dict.fromkeys(entries, SendUnclear("not every entry was answered"))
        return {place: _answer(result) for place, result in zip(entries, results, strict=True)}

    def _send_singly(self, emails: "Mapping[int, OutgoingEmail]") -> dict[int, Answer]:
        """Until SES takes no more for now, or does not answer: then the others are not even tried.

        So a claim is never much older than its call, which is what settling a doubt rests on.
        """
        answers: dict[int, Answer] = {}
        left = iter(emails.items())
        for place, email in left:
            try:
                answers[place] = self._single.send(email)
            except SendImpossible as refusal:
                answers[place] = refusal
            except SendRefused as refusal:
                return answers | {place: refusal} | _not_tried(left, refusal)
            except (ClientError, BotoCoreError) as error:
                return answers | {place: _unclear(error)} | _not_tried(left, SendThrottled("no_answer"))
        return answers


def _not_tried(left: "Iterable[tuple[int, OutgoingEmail]]", refusal: SendRefused) -> dict[int, Answer]:
    return {place: refusal for place, _ in left}


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


def _asks_for_single_calls(error: ClientError | BotoCoreError, refusal: SendRefused | None) -> bool:
    if isinstance(refusal, SendThrottled) and refusal.reason == "rate":
        return True
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in _TOO_MUCH_AT_ONCE


def _unclear(error: ClientError | BotoCoreError) -> SendUnclear:
    """Its kind only: its words may hold what is personal."""
    kind = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
    return SendUnclear(f"the answer of the e-mail service says nothing: {kind}")


def _answer(result: "BulkEmailEntryResultTypeDef") -> Answer:
    """By the status of the entry; its words may hold an address, so they are not read.

    Whatever else it may be (TRANSIENT_FAILURE, FAILED, one that is new): not now. The next try is a call
    of its own, whose answer says more.
    """
    status = result.get("Status", "FAILED")
    if status == "SUCCESS":
        return result["MessageId"]
    if status in _IMPOSSIBLE:
        return SendImpossible(status)
    if status in _PAUSED:
        return SendingPaused(status)
    return SendThrottled(_LIMITS.get(status, status.lower()))
