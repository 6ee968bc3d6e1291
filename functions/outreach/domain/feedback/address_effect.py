"""What a report says about the address of its message."""

from dataclasses import dataclass

from outreach.domain.feedback.report import Bounced, BounceKind, Complained, Report, Subscribed
from outreach.domain.intake.customer import SuppressionReason
from outreach.domain.sending.send import Send


@dataclass(frozen=True, slots=True)
class Suppresses:
    """The address gets no more mail."""

    reason: SuppressionReason


@dataclass(frozen=True, slots=True)
class SoftBounces:
    """The address could not take this message now: several in a row suppress it."""


@dataclass(frozen=True, slots=True)
class OptsOut:
    """The mailbox wants no more marketing."""


type AddressEffect = Suppresses | SoftBounces | OptsOut


def address_effect(report: Report, send: Send | None) -> AddressEffect | None:
    """What follows for the address; None when nothing does.

    `send` is what the ledger knows after the report, None for a message that this product did not send. A
    hard bounce or complaint of such a message counts as well; a soft bounce needs a send, because only that
    tells whether the message was delivered after all.
    """
    match report.feedback:
        case Complained() as complaint if complaint.is_complaint:
            return Suppresses(SuppressionReason.COMPLAINT)
        case Bounced() as bounce if not bounce.counts_against_address:
            return None
        case Bounced(kind=BounceKind.PERMANENT):
            return Suppresses(SuppressionReason.HARD_BOUNCE)
        case Bounced() if send is not None and not send.status.arrived:
            return SoftBounces()
        case Subscribed(wants_nothing=True):
            return OptsOut()
        case _:
            return None
