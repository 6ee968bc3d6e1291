"""Opting out of all marketing: the customer's present decision, as an event like any other."""

from datetime import UTC, datetime, timedelta

from outreach.domain.intake.customer import Consent, Customer
from outreach.domain.intake.event import CustomerMention, Event

UNSUBSCRIBED = "customer.unsubscribed"
SOURCE = "unsubscribe"
"""Where consent was withdrawn through a link in a message."""

_ID = "unsubscribe-"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def has_opted_out(customer: Customer) -> bool:
    """Whether a no is on record. A missing answer is not a no."""
    return customer.consent is not None and not customer.consent.marketing


def no_of_now(customer: Customer, now: datetime) -> Consent:
    """The no of a customer who opts out now.

    A shop whose clock is fast may have dated a yes after now; the no still counts, because it is given after
    whatever is on record. An older yes that arrives later does not undo it, a newer one may.
    """
    return no_at(now if customer.consent is None else max(now, customer.consent.at))


def no_at(at: datetime) -> Consent:
    return Consent(marketing=False, at=at, source=SOURCE)


def opting_out(customer_id: str, no: Consent, now: datetime) -> Event:
    """The event that withdraws consent. Its id follows from the no, so that a repeat has the same."""
    return Event(opting_out_id(no), UNSUBSCRIBED, now, CustomerMention(customer_id, consent=no))


def opting_out_id(no: Consent) -> str:
    return f"{_ID}{(no.at - _EPOCH) // timedelta(milliseconds=1)}"


def opted_out_at(event_id: str) -> datetime | None:
    """Undo `opting_out_id`: when the customer opted out; None for another event's id."""
    milliseconds = event_id.removeprefix(_ID)
    if milliseconds == event_id or not milliseconds.isascii() or not milliseconds.isdecimal():
        return None
    try:
        return _EPOCH + timedelta(milliseconds=int(milliseconds))
    except OverflowError:
        return None
