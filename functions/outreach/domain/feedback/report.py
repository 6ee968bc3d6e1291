"""The ten kinds of feedback on a send, and what each proves about it.

Feedback arrives late, twice and out of order. A send therefore only rises to the highest status proven, so
that the same feedback ends the same in any order.

More than 250 lines: the kinds are a closed union, and `proven` has a case for each.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from outreach.domain.sending.send import Send, SendId, SendStatus


class ReportSource(StrEnum):
    """The two services through which SES publishes what happens to messages."""

    EVENTBRIDGE = "eventbridge"
    SNS = "sns"


class BounceKind(StrEnum):
    """Whether a retry could help."""

    PERMANENT = "permanent"
    TRANSIENT = "transient"
    UNDETERMINED = "undetermined"
    """The answer could not be read; it counts as transient."""


class ComplaintKind(StrEnum):
    """What the mailbox provider says of the complaint (RFC 5965, and `unknown` where it says nothing)."""

    ABUSE = "abuse"
    AUTH_FAILURE = "auth-failure"
    FRAUD = "fraud"
    NOT_SPAM = "not-spam"
    """The customer took it out of the spam folder: the opposite of a complaint."""
    OTHER = "other"
    VIRUS = "virus"
    UNKNOWN = "unknown"


ON_ACCOUNT_LIST = "OnAccountSuppressionList"
"""Subtypes of bounces and complaints that SES reports without trying to send."""
_ABOUT_THE_MESSAGE = frozenset({"MessageTooLarge", "ContentRejected", "AttachmentRejected"})
"""Subtypes of bounces that prove nothing about the mailbox."""


@dataclass(frozen=True, slots=True)
class Sent:
    """SES took the message and will try to deliver it."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Delivered:
    """The customer's mail server accepted it."""

    at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryDelayed:
    """Not yet; SES goes on trying."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """Its picture was loaded: by a person, or by a machine as far as SES can tell."""

    at: datetime
    machine: bool = False


@dataclass(frozen=True, slots=True)
class Clicked:
    """A link was opened: by a person, or by a machine as far as SES can tell."""

    at: datetime
    machine: bool = False


@dataclass(frozen=True, slots=True)
class Bounced:
    """It bounced. A transient bounce means that SES has stopped trying."""

    at: datetime
    kind: BounceKind
    subtype: str
    """SES's own code, such as `NoEmail`."""

    @property
    def counts_against_address(self) -> bool:
        """Whether it is about the mailbox, and not only about this one message."""
        return self.subtype not in _ABOUT_THE_MESSAGE


@dataclass(frozen=True, slots=True)
class Complained:
    """The customer marked it as spam."""

    at: datetime
    kind: ComplaintKind
    subtype: str | None = None

    @property
    def is_complaint(self) -> bool:
        return self.kind is not ComplaintKind.NOT_SPAM


@dataclass(frozen=True, slots=True)
class Rejected:
    """SES took it and then found a virus: it is not sent."""

    at: datetime


@dataclass(frozen=True, slots=True)
class RenderingFailed:
    """SES took it and then could not fill in its template: it is not sent."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Subscribed:
    """The customer changed their subscription on SES's own list pages."""

    at: datetime
    wants_nothing: bool


type Feedback = (
    Sent
    | Delivered
    | DeliveryDelayed
    | Opened
    | Clicked
    | Bounced
    | Complained
    | Rejected
    | RenderingFailed
    | Subscribed
)


@dataclass(frozen=True, slots=True)
class Report:
    """One piece of feedback and the message it is about."""

    feedback: Feedback
    message_id: str
    sent_at: datetime
    """When SES took the message: the same in every report about it."""
    recipients: tuple[str, ...] = ()
    """The addresses that this feedback names. A complaint names the addresses that might have complained
    (AWS)."""
    send_id: SendId | None = None
    """None for a message that was not sent by this product."""
    is_marketing: bool = False
    destination: tuple[str, ...] = ()
    """The addresses that the message was sent to. Each message of this product has one."""
    source: ReportSource | None = None
    """The source that it came through; None when it says nothing about the flow of reports."""
    configuration_set: str | None = None
    """The configuration set of the message, by SES's own tag; None when the report has no such tag."""
    is_replayed: bool = False
    """An archive replays it because the table is restored: what it proves was known before."""

    def for_stack(self, configuration_set: str) -> "Report":
        """The feedback as this configuration set reads it: another stack's message has no send."""
        if self.configuration_set in {None, configuration_set}:
            return self
        return replace(self, send_id=None, is_marketing=False, source=None)


def may_be_about(report: Report, known: Send) -> bool:
    """Whether a report is about this send, and not about a message of another stack with the same tags.

    A send that may have been sent more than once has several messages, and the ledger keeps the id of one.
    """
    return known.attempts > 1 or known.message_id in {None, report.message_id}


@dataclass(frozen=True, slots=True)
class Proof:
    """How far a send certainly got."""

    status: SendStatus
    reason: str | None = None


def proven(feedback: Feedback) -> Proof | None:
    """What a piece of feedback proves about its send; None when nothing.

    A machine that opens or clicks proves no more than delivery.
    """
    match feedback:
        case DeliveryDelayed() | Subscribed() | Complained(kind=ComplaintKind.NOT_SPAM):
            return None
        case Sent():
            return Proof(SendStatus.SENT)
        case Delivered() | Opened(machine=True) | Clicked(machine=True):
            return Proof(SendStatus.DELIVERED)
        case Opened():
            return Proof(SendStatus.OPENED)
        case Clicked():
            return Proof(SendStatus.CLICKED)
        case Rejected() | RenderingFailed():
            return Proof(SendStatus.REJECTED, "content" if isinstance(feedback, Rejected) else "rendering")
        case Bounced(subtype=subtype) | Complained(subtype=subtype) if subtype == ON_ACCOUNT_LIST:
            return Proof(SendStatus.SUPPRESSED, ON_ACCOUNT_LIST)
        case Bounced(kind=BounceKind.PERMANENT):
            return Proof(SendStatus.BOUNCED, feedback.subtype)
        case Bounced():
            return Proof(SendStatus.SOFT_BOUNCED, feedback.subtype)
        case Complained():
            return Proof(SendStatus.COMPLAINED, feedback.kind)


def is_by_machine(feedback: Feedback) -> bool:
    """An open or a click that a machine made."""
    return isinstance(feedback, Opened | Clicked) and feedback.machine


def is_negative(feedback: Feedback) -> bool:
    """A hard bounce or a complaint: what the breaker counts."""
    proof = proven(feedback)
    return proof is not None and proof.status in {SendStatus.BOUNCED, SendStatus.COMPLAINED}


def after(known: Send, report: Report) -> Send:
    """The send after a report: risen to what it proves, or unchanged.

    Of two reasons for the same status the one later in the alphabet stays: arrival order must not decide. The
    time of sending is kept: goals count from the send.
    """
    proof = proven(report.feedback)
    if proof is None or not _says_more(proof, known):
        return known
    return replace(
        known,
        status=proof.status,
        reason=proof.reason,
        at=known.at if known.status.went_out else report.sent_at,
        message_id=known.message_id or report.message_id,
    )


def _says_more(proof: Proof, known: Send) -> bool:
    return (proof.status.rank, proof.reason or "") > (known.status.rank, known.reason or "")
