"""What a refusal of SES means: it is about one message, the account or its set-up, or only for now."""

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
from outreach.domain.sending.send_reason import SendReason

UNREACHED = (ConnectTimeoutError, EndpointConnectionError)
"""There was no connection, so nothing can have been sent."""

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

_ENTRY_LIMITS = {
    "ACCOUNT_THROTTLED": SendReason.RATE,
    "ACCOUNT_DAILY_QUOTA_EXCEEDED": SendReason.DAILY_QUOTA,
}
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
"""The account's or the set-up's fault, not the message's: an operator must fix it."""


def refusal_of(error: ClientError | BotoCoreError, sender: str) -> SendRefusedError | None:
    """What a definite refusal of a call means; None when the message may have been sent."""
    if isinstance(error, UNREACHED):
        return SendingPausedError(
            SendReason.UNREACHABLE
        )  # affects every message: none would get a connection now
    if not isinstance(error, ClientError):
        return None
    code, words = error.response["Error"]["Code"], error.response["Error"]["Message"]
    if code in _THROTTLED:
        # One code for both limits: only SES's text distinguishes them ("Daily message quota exceeded").
        return SendThrottledError(SendReason.DAILY_QUOTA if "daily" in words.lower() else SendReason.RATE)
    if code in PAUSED:
        return SendingPausedError(code)
    if code not in _IMPOSSIBLE:
        return None
    return _rejection(code, words, sender)


def refusal_of_entry(status: str, words: str, sender: str) -> SendRefusedError:
    """What the status of one entry of a bulk call means, when it is not SUCCESS.

    Every other status (TRANSIENT_FAILURE, FAILED, a new one): not now. The next try is a call of its own,
    whose answer says more.
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
        SendingPausedError(SendReason.SENDER_NOT_VERIFIED)
        if _names(words, sender)
        else SendImpossibleError(SendReason.RECIPIENT_NOT_VERIFIED)
    )


def _names(words: str, sender: str) -> bool:
    """Whether the sender, or its domain, is named; a recipient may be of the sender's own domain."""
    address = parseaddr(sender)[1]
    names = "|".join(re.escape(name) for name in (address, address.rpartition("@")[2]))
    return re.search(rf"(?<![\w.+@-])(?:{names})(?!\.?[\w@-])", words, re.IGNORECASE) is not None
