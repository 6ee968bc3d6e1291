"""The output of `outreach customers`: one document for programs, and plain sentences for operators."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from outreach.domain.operations.customer_stops import ALL_CAMPAIGNS
from outreach_tools.cli.customers.run_words import run_document, run_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from outreach.domain.feedback.suppression import KnownAddress
    from outreach.domain.intake.customer import Customer
    from outreach.usecases.operations.show_customer import CustomerReport


def customer_document(report: "CustomerReport") -> dict[str, Any]:
    """All of it; times are ISO 8601 in UTC."""
    customer = report.customer
    profile, consent = customer.profile, customer.consent
    return {
        "id": customer.id,
        "erased_at": _iso(customer.erased_at),
        "profile": {
            "email": profile.email,
            "first_name": profile.first_name,
            "last_name": profile.last_name,
            "locale": profile.locale,
            "country": profile.country,
            "time_zone": profile.time_zone,
            "attributes": dict(profile.attributes),
        },
        "consent": None
        if consent is None
        else {"marketing": consent.marketing, "at": _iso(consent.at), "source": consent.source},
        "topics_off": sorted(customer.topics_off),
        "suppression": customer.suppression,
        "address": None if report.address is None else address_document(report.address),
        "same_address": list(report.others),
        **stop_document(customer),
        "runs": [run_document(each) for each in report.runs],
    }


def customer_lines(report: "CustomerReport") -> "Iterator[str]":
    """The same in sentences."""
    customer = report.customer
    profile = customer.profile
    yield f"customer {customer.id}"
    if customer.erased_at is not None:
        yield f"  erased at {_at(customer.erased_at)}: nothing personal is kept, and no message is sent"
    else:
        names = " ".join(each for each in (profile.first_name, profile.last_name) if each)
        yield f"  name: {names or 'not known'}"
        yield f"  address: {profile.email or 'none is known'}"
        known = {"locale": profile.locale, "country": profile.country, "time zone": profile.time_zone}
        for name, value in {**known, **profile.attributes}.items():
            if value is not None:
                yield f"  {name}: {value}"
        yield f"  {_consent(customer)}"
        for topic in sorted(customer.topics_off):
            yield f"  does not want the topic {topic}"
    if report.address is not None:
        yield f"  {_suppression(report.address)}"
    if report.others:
        yield f"  the same address: {', '.join(report.others)}; the cap counts for all of them together"
    for line in stop_lines(customer):
        yield f"  {line}"
    if not report.runs:
        yield "  in no campaign"
    for run in report.runs:
        yield ""
        yield from run_lines(run, report.sending)


def address_document(known: "KnownAddress") -> dict[str, Any]:
    suppression = known.status.suppression
    return {
        "address_id": known.id,
        "suppressed": suppression is not None,
        "reason": None if suppression is None else suppression.reason,
        "since": None if suppression is None else _iso(suppression.at),
        "source": None if suppression is None else suppression.source,
        "opted_out_at": _iso(known.status.opted_out_at),
    }


def address_lines(known: "KnownAddress", customers: "Sequence[str]") -> "Iterator[str]":
    """The customers who have the given address."""
    match len(customers):
        case 0:
            yield "no customer has this address now"
            yield _suppression(known)
        case 1:
            return
        case number:
            yield f"{number} customers have this address: {', '.join(customers)}"


def stop_document(customer: "Customer") -> dict[str, Any]:
    return {
        "stops": {
            name: {
                "at": _iso(stop.at),
                "by": stop.by,
                "allowed_at": _iso(stop.allowed_at),
                "allowed_by": stop.allowed_by,
            }
            for name, stop in sorted(customer.stops.items())
        }
    }


def stop_lines(customer: "Customer") -> "Iterator[str]":
    """Who stopped the customer where and when, and who allowed them again."""
    for name, stop in sorted(customer.stops.items()):
        where = "every campaign, transactional ones too" if name == ALL_CAMPAIGNS else name
        words = f"stopped in {where} by {stop.by} at {_at(stop.at)}"
        if stop.allowed_at is not None:
            words += f"; allowed again by {stop.allowed_by} at {_at(stop.allowed_at)}"
        yield words


def _consent(customer: "Customer") -> str:
    consent = customer.consent
    if consent is None:
        return "marketing: no consent; no event said yes, so no marketing is sent"
    source = f" ({consent.source})" if consent.source else ""
    if consent.marketing:
        return f"marketing: consent since {_at(consent.at)}{source}"
    return f"marketing: no consent since {_at(consent.at)}{source}, so no marketing is sent"


def _suppression(known: "KnownAddress") -> str:
    suppression, opted_out_at = known.status.suppression, known.status.opted_out_at
    if suppression is not None:
        since = f"since {_at(suppression.at)}: {suppression.reason} ({suppression.source})"
        return f"the address is suppressed {since}; no message is sent"
    if opted_out_at is not None:
        return f"the address is not suppressed; marketing to it was opted out of at {_at(opted_out_at)}"
    return "the address is not suppressed"


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _at(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}Z"
