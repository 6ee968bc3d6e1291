"""What a refusal of SES means: of one message, of the account or its set-up, or for now only."""

import re
from email.utils import parseaddr

from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError

from outreach.domain.errors import (
    SendFalteredError,
    SendImpossibleError,
    SendingPausedError,
    SendRefusedError,
    SendThrottledError,
)

UNREACHED = (ConnectTimeoutError, EndpointConnectionError)
"""There was no connection, so nothing can have gone."""
UNREACHABLE = "unreachable"
SENDER_NOT_VERIFIED = "sender_not_verified"
RECIPIENT_NOT_VERIFIED = "recipient_not_verified"
"""Only in the SES sandbox. SES has one code for both, and for whatever else it rejects: MessageRejected."""

_THROTTLED = frozenset(
    {"TooManyRequestsException", "ThrottlingException", "Throttling", "LimitExceededException"}
)
PAUSED = frozenset(
    {
        "AccountSuspendedException",
        "SendingPausedException",
        "MailFromDomainNotVerifiedException",
        "NotFoundException",
        "AccessDeniedException",
    }
)
_IMPOSSIBLE = frozenset({"MessageRejected", "BadRequestException", "ValidationException"})

_ENTRY_LIMITS = {"ACCOUNT_THROTTLED": "rate", "ACCOUNT_DAILY_QUOTA_EXCEEDED": "daily_quota"}
_ENTRY_IMPOSSIBLE = frozenset({"MESSAGE_REJECTED", "INVALID_PARAMETER", "INVALID_PARAMETER_VALUE"})
ENTRY_PAUSED = frozenset(
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


def refusal_of(error: ClientError | BotoCoreError, sender: str) -> SendRefusedError | None:
    """What a definite no to a call means; None for an error that leaves open whether the message went."""
    if isinstance(error, UNREACHED):
        return SendingPausedError(UNREACHABLE)  # of everybody: no message would get a connection now
    if not isinstance(error, ClientError):
        return None
    code, words = error.response["Error"]["Code"], error.response["Error"]["Message"]
    if code in _THROTTLED:
        # One code for both limits: only SES's words tell them apart ("Daily message quota exceeded").
        return SendThrottledError("daily_quota" if "daily" in words.lower() else "rate")
    if code in PAUSED:
        return SendingPausedError(code)
    if code not in _IMPOSSIBLE:
        return None
    return _rejection(code, words, sender)


def refusal_of_entry(status: str, words: str, sender: str) -> SendRefusedError:
    """What the status of one entry of a bulk call means, when it is not SUCCESS.

    Whatever is not known otherwise (TRANSIENT_FAILURE, FAILED, one that is new): not now. The next try is
    a call of its own, whose answer says more.
    """
    if status in _ENTRY_IMPOSSIBLE:
        return _rejection(status, words, sender)
    if status in ENTRY_PAUSED:
        return SendingPausedError(status)
    limit = _ENTRY_LIMITS.get(status)
    return SendFalteredError(status) if limit is None else SendThrottledError(limit)


def _rejection(code: str, words: str, sender: str) -> SendRefusedError:
    """Of the message; or of everything, when it is the sender who is not verified."""
    if "not verified" not in words.lower():
        return SendImpossibleError(code)
    return (
        SendingPausedError(SENDER_NOT_VERIFIED)
        if _names(words, sender)
        else SendImpossibleError(RECIPIENT_NOT_VERIFIED)
    )


def _names(words: str, sender: str) -> bool:
    """Whether the sender, or its domain, is named; a recipient may be of the sender's own domain."""
    address = parseaddr(sender)[1]
    names = "|".join(re.escape(name) for name in (address, address.rpartition("@")[2]))
    return re.search(rf"(?<![\w.+@-])(?:{names})(?!\.?[\w@-])", words, re.IGNORECASE) is not None
