"""Hands many rendered messages to SES in one call, and reads the outcome of each."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from outreach.adapters.ses.bulk_content import running
from outreach.adapters.ses.mailer import headers_of, tags_of
from outreach.adapters.ses.mime import ascii_address
from outreach.adapters.ses.refusals import refusal_of, refusal_of_entry
from outreach.domain.errors import (
    SendFalteredError,
    SendImpossibleError,
    SendRefusedError,
    SendThrottledError,
    SendUnclearError,
)
from outreach.domain.sending.send_reason import SendReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from mypy_boto3_sesv2.type_defs import (
        BulkEmailContentTypeDef,
        BulkEmailEntryResultTypeDef,
        BulkEmailEntryTypeDef,
    )

    from outreach.adapters.ses.mailer import SesMailer
    from outreach.ports.clock import Clock
    from outreach.ports.sending import OutgoingEmail, SendAnswer

_LONGEST_DATA = 262_144
"""Characters of one entry's replacement data (AWS quota)."""
_FEWEST = 2
"""For a single message the answer of SendEmail says more."""
_TOO_MUCH_AT_ONCE = frozenset({"413", "RequestEntityTooLargeException"})
_OF_THE_ACCOUNT = frozenset(
    {
        "AccountSuspendedException",
        "SendingPausedException",
        SendReason.SENDER_NOT_VERIFIED,
        SendReason.DAILY_QUOTA,
        SendReason.UNREACHABLE,
    }
)
"""Refusals of a whole call that single calls would get as well."""
_GRANTED = timedelta(seconds=1)
"""The time that a permit covers: later calls would take the time of later permits."""


class SesBulkMailer:
    """Implements the port BulkMailer."""

    def __init__(self, single: SesMailer, *, clock: Clock) -> None:
        self._single = single
        self._clock = clock

    def send_all(self, emails: Sequence[OutgoingEmail]) -> tuple[SendAnswer, ...]:
        """For each message SES's id, or why it was definitely not taken, or that the outcome is unknown.

        A message that does not fit a bulk call is sent by itself; so are all of them when SES refuses the
        call as a whole, unless that is about the account: the cause may be one entry, or the operation.
        """
        until = self._clock.now() + _GRANTED
        answers: dict[int, SendAnswer] = {}
        going: dict[int, BulkEmailEntryTypeDef] = {}
        for place, email in enumerate(emails):
            entry = _entry(email)
            if isinstance(entry, SendRefusedError):
                answers[place] = entry
            else:
                going[place] = entry
        alone = set(going)
        if len(going) >= _FEWEST:
            template, words = running([emails[place].content for place in going])
            entries = {
                place: _with_words(entry, own)
                for (place, entry), own in zip(going.items(), words, strict=True)
                if len(own) <= _LONGEST_DATA
            }
            if entries:
                answers |= self._send_bulk(template, entries, emails, until)
                alone -= entries.keys()
        late = SendThrottledError("turn_over")
        answers |= self._send_singly({place: emails[place] for place in sorted(alone)}, until, late)
        return tuple(answers[place] for place in range(len(emails)))

    def _send_bulk(
        self,
        template: BulkEmailContentTypeDef,
        entries: Mapping[int, BulkEmailEntryTypeDef],
        emails: Sequence[OutgoingEmail],
        until: datetime,
    ) -> dict[int, SendAnswer]:
        try:
            results = self._single.client.send_bulk_email(
                **self._single.envelope(),
                DefaultContent=template,
                BulkEmailEntries=list(entries.values()),
            )["BulkEmailEntryResults"]
        except (ClientError, BotoCoreError) as error:
            refusal = refusal_of(error, self._single.sender) or _too_much_at_once(error)
            if refusal is None:
                return dict.fromkeys(entries, _unclear(error))
            if refusal.reason in _OF_THE_ACCOUNT:
                return dict.fromkeys(entries, refusal)
            late = refusal if isinstance(refusal, SendThrottledError) else SendThrottledError("turn_over")
            return self._send_singly({place: emails[place] for place in entries}, until, late)
        if len(results) != len(entries):
            return dict.fromkeys(entries, SendUnclearError("not every entry was answered"))
        return {place: self._answer(result) for place, result in zip(entries, results, strict=True)}

    def _send_singly(
        self, emails: Mapping[int, OutgoingEmail], until: datetime, late: SendRefusedError
    ) -> dict[int, SendAnswer]:
        """Until SES takes no more for now, or does not answer, or the permit has expired.

        Then the others are not even tried; they are sent later one by one, each with a permit of its own. So
        a claim is never much older than its call, which resolving claims relies on.
        """
        answers: dict[int, SendAnswer] = {}
        for place, email in emails.items():
            if self._clock.now() >= until:
                return answers | _not_tried(emails, answers, late)
            try:
                answers[place] = self._single.send(email)
            except (SendImpossibleError, SendFalteredError) as refusal:
                answers[place] = refusal
            except SendRefusedError as refusal:
                return answers | _not_tried(emails, answers, refusal)
            except (ClientError, BotoCoreError) as error:
                answers[place] = _unclear(error)
                return answers | _not_tried(emails, answers, SendThrottledError(SendReason.NO_ANSWER))
        return answers

    def _answer(self, result: BulkEmailEntryResultTypeDef) -> SendAnswer:
        """By the status of the entry; its text may hold an address, so it is not used as a reason."""
        status = result.get("Status", "FAILED")
        if status == "SUCCESS":
            return result["MessageId"]
        return refusal_of_entry(status, result.get("Error", ""), self._single.sender)


def _not_tried(
    emails: Iterable[int], answers: Mapping[int, SendAnswer], refusal: SendRefusedError
) -> dict[int, SendAnswer]:
    return {place: refusal for place in emails if place not in answers}


def _entry(email: OutgoingEmail) -> BulkEmailEntryTypeDef | SendRefusedError:
    try:
        tags, to = tags_of(email), ascii_address(email.to)
    except SendRefusedError as refusal:
        return refusal
    except ValueError:
        return SendImpossibleError("address_not_ascii")
    return {
        "Destination": {"ToAddresses": [to]},
        "ReplacementTags": tags,
        "ReplacementHeaders": headers_of(email),
    }


def _with_words(entry: BulkEmailEntryTypeDef, words: str) -> BulkEmailEntryTypeDef:
    return {**entry, "ReplacementEmailContent": {"ReplacementTemplate": {"ReplacementTemplateData": words}}}


def _too_much_at_once(error: ClientError | BotoCoreError) -> SendRefusedError | None:
    is_it = isinstance(error, ClientError) and error.response["Error"]["Code"] in _TOO_MUCH_AT_ONCE
    return SendThrottledError("turn_over") if is_it else None


def _unclear(error: ClientError | BotoCoreError) -> SendUnclearError:
    """Its kind only: its text may hold personal data."""
    kind = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
    return SendUnclearError(f"the answer of the e-mail service says nothing: {kind}")
