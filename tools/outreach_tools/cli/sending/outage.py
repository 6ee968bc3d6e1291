"""The operator's text of an outage: what SES refuses, what is wrong, and what to do about it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from outreach.domain.sending.outage import Outage

_VERIFY = (
    "SES does not know the sender: neither its address nor its domain is verified in this region",
    "verify the domain of FromAddress in the SES console (Identities), and wait until it says Verified",
)
_SUSPENDED = (
    "AWS has suspended sending for this account",
    "read the reputation page of the SES console, and answer the case that AWS opened (or open one)",
)
_PAUSED = (
    "sending is switched off, for the account or for the configuration set of this stack",
    "look at `aws sesv2 get-account`: if AWS did it, answer their case; if you did, switch it on again",
)
_SET_UP = (
    "SES has no configuration set (or no pool of addresses) of the name that this stack uses",
    "deploy the stack again, and do not delete what it made",
)
_DENIED = (
    "the functions may not send from this address: a policy denies it",
    "look for ses:SendEmail in the policies of the organisation, the functions' roles and the SES identity",
)
_UNREACHABLE = (
    "the functions get no connection to SES: a network that leads nowhere, or an incident of AWS",
    "look at the AWS Health Dashboard; if the functions run in a VPC of yours, give it a way to SES",
)
_WORDS = {
    "sender_not_verified": _VERIFY,
    "MailFromDomainNotVerifiedException": _VERIFY,
    "MAIL_FROM_DOMAIN_NOT_VERIFIED": _VERIFY,
    "AccountSuspendedException": _SUSPENDED,
    "ACCOUNT_SUSPENDED": _SUSPENDED,
    "SendingPausedException": _PAUSED,
    "ACCOUNT_SENDING_PAUSED": _PAUSED,
    "CONFIGURATION_SET_SENDING_PAUSED": _PAUSED,
    "NotFoundException": _SET_UP,
    "CONFIGURATION_SET_NOT_FOUND": _SET_UP,
    "CONFIGURATION_SET_DOES_NOT_EXIST": _SET_UP,
    "TEMPLATE_NOT_FOUND": _SET_UP,
    "TEMPLATE_DOES_NOT_EXIST": _SET_UP,
    "INVALID_SENDING_POOL_NAME": _SET_UP,
    "AccessDeniedException": _DENIED,
    "unreachable": _UNREACHABLE,
}
_UNKNOWN = (
    "SES refuses to send for this account",
    "look for this code in the SES documentation, or ask AWS Support",
)


def outage_document(outage: "Outage") -> dict[str, Any]:
    """For other programs."""
    wrong, what_to_do = _WORDS.get(outage.reason, _UNKNOWN)
    return {
        "reason": outage.reason,
        "means": wrong,
        "what_to_do": what_to_do,
        "since": outage.since.isoformat(),
        "next_try_at": outage.retry_at.isoformat(),
        "refusals": outage.refusals,
    }


def outage_lines(said: dict[str, Any]) -> list[str]:
    """The same for people."""
    next_try = datetime.fromisoformat(said["next_try_at"]).isoformat(timespec="seconds")
    return [
        f"refused        since {said['since']}: {said['means']} ({said['reason']})",
        f"what to do     {said['what_to_do']}",
        f"next try       at {next_try}, by one message; once it is fixed: outreach sending resume",
    ]
