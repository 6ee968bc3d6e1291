"""The profile row of a customer, and what other rooms may change of it."""

from __future__ import annotations

from decimal import Decimal
from json import loads
from typing import TYPE_CHECKING, Any

from outreach.adapters.dynamodb.items.attributes import (
    Item,
    facts,
    in_milliseconds,
    instant,
    instants,
    milliseconds,
    number,
    optional_instant,
    optional_milliseconds,
    read_facts,
    text,
)
from outreach.adapters.dynamodb.items.change import Change
from outreach.domain.intake.customer import Consent, Customer, Profile, Purchases, SuppressionReason
from outreach.domain.operations.customer_stops import Stop, in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from outreach.adapters.dynamodb.items.attributes import Attribute

STOPPED = "stopped"
"""The campaigns in which an operator stopped the customer, as a set: claims check it."""
_STOPS = "stops"
"""Who stopped and allowed what, and when."""
_FIELDS = ("first_name", "last_name", "locale", "country", "time_zone")


def profile_change(customer: Customer, *, suppression_applied: bool = False) -> Change:
    """What an event changes. The sends under the cap and the topics have other owners.

    So have the suppression and the address's id, unless the address was `suppression_applied`. An erasure is
    the exception: it deletes everything but the suppression. The address is not in the facts, because claims
    check it.
    """
    change = Change()
    if suppression_applied and customer.suppression is None:
        change.remove("suppressed")
    elif suppression_applied and customer.suppression is not None:
        change.set(text(customer.suppression), "suppressed")
    if suppression_applied or customer.erased_at is not None:
        _set_address(change, customer)
    if customer.profile.email is None:
        change.remove("email")
    else:
        change.set(text(customer.profile.email), "email")
    change.set(_facts(customer), "facts")
    change.set({"BOOL": customer.wants_marketing}, "marketing")
    change.set(number(customer.version + 1), "version")
    if customer.erased_at is None:
        change.remove("erased_at")
    else:
        change.set(number(milliseconds(customer.erased_at)), "erased_at")
        change.remove("topics_off")
        change.remove("mailed")
    change.require_version(customer.version)
    return change


def stops_change(customer: Customer) -> Change:
    """Only an operator's stops, if nothing else of the customer changed since they were read.

    It counts as a change of the profile: an intake that judged the customer before must judge anew.
    """
    change = Change()
    stopped = in_force(customer.stops)
    if stopped:
        change.set({"SS": sorted(stopped)}, STOPPED)
    else:
        change.remove(STOPPED)
    values = {
        name: [milliseconds(stop.at), stop.by, optional_milliseconds(stop.allowed_at), stop.allowed_by]
        for name, stop in customer.stops.items()
    }
    change.set(facts(values), _STOPS)
    change.set(number(customer.version + 1), "version")
    change.require_version(customer.version)
    return change


def _set_address(change: Change, customer: Customer) -> None:
    if customer.address_id is None:
        change.remove("address")
    else:
        change.set(text(customer.address_id), "address")
    if customer.shares_address:
        change.set({"BOOL": True}, "shared")
    else:
        change.remove("shared")


def mailed_text(mailed_at: Iterable[datetime]) -> Attribute:
    """The sends that the cap counts, as one string."""
    return text(" ".join(str(milliseconds(at)) for at in mailed_at))


def read_profile(customer_id: str, item: Item) -> Customer:
    """The customer of a row; an empty row is a customer without events."""
    known = read_facts(item)
    profile = {name: known[name] for name in _FIELDS if name in known}
    if "email" in item:
        profile["email"] = item["email"]["S"]
    return Customer(
        id=customer_id,
        profile=Profile(**profile, attributes=known.get("attributes", {})),
        as_of=instants(known.get("as_of", {})),
        consent=_consent(known.get("consent")),
        topics_off=frozenset(item["topics_off"]["SS"]) if "topics_off" in item else frozenset(),
        suppression=SuppressionReason(item["suppressed"]["S"]) if "suppressed" in item else None,
        address_id=item["address"]["S"] if "address" in item else None,
        shares_address="shared" in item,
        erased_at=instant(int(item["erased_at"]["N"])) if "erased_at" in item else None,
        stops=_read_stops(item),
        purchases=_purchases(known.get("bought")),
        features_used={line: tuple(used) for line, used in known.get("features", {}).items()},
        seen=instants(known.get("seen", {})),
        seen_without_order=_without_order(known.get("seen", {}), known.get("apart", {})),
        mailed_at=tuple(instant(int(at)) for at in item["mailed"]["S"].split()) if "mailed" in item else (),
        version=int(item["version"]["N"]) if "version" in item else 0,
        claims=int(item["claims"]["N"]) if "claims" in item else 0,
    )


def _facts(customer: Customer) -> Attribute:
    profile, consent, bought = customer.profile, customer.consent, customer.purchases
    values: dict[str, Any] = {name: getattr(profile, name) for name in _FIELDS}
    values["attributes"] = dict(profile.attributes)
    values["as_of"] = in_milliseconds(customer.as_of)
    if consent is not None:
        values["consent"] = [consent.marketing, milliseconds(consent.at), consent.source, consent.dated]
    if bought != Purchases():
        last_at = optional_milliseconds(bought.last_at)
        values["bought"] = [bought.orders, str(bought.spent), bought.currency, last_at]
    values["features"] = dict(customer.features_used)
    values["seen"] = in_milliseconds(customer.seen)
    values["apart"] = _apart(customer)
    return facts(values)


def _apart(customer: Customer) -> dict[str, int | None]:
    """Only what `seen` does not hold already, so that the row stays small: most events are one or the other.

    None is a name that only events about an order had.
    """
    usual = in_milliseconds(_usually_without_order(customer.seen))
    known = in_milliseconds(customer.seen_without_order)
    return {name: known.get(name) for name in usual | known if known.get(name) != usual.get(name)}


def _without_order(seen: dict[str, int], apart: dict[str, int | None]) -> dict[str, datetime]:
    """As `_apart` stored it; an older row without it is read as if nothing were apart."""
    known = _usually_without_order(seen) | apart
    return instants({name: at for name, at in known.items() if at is not None})


def _usually_without_order[When](seen: Mapping[str, When]) -> dict[str, When]:
    return {name: at for name, at in seen.items() if not name.startswith("order.")}


def _consent(said: list[Any] | None) -> Consent | None:
    if said is None:
        return None
    marketing, at, source, *dated = said
    return Consent(marketing, instant(at), source, *dated)


def _read_stops(item: Item) -> dict[str, Stop]:
    known = loads(item[_STOPS]["S"]) if _STOPS in item else {}
    return {
        name: Stop(instant(at), by, optional_instant(allowed_at), allowed_by)
        for name, (at, by, allowed_at, allowed_by) in known.items()
    }


def _purchases(bought: list[Any] | None) -> Purchases:
    if bought is None:
        return Purchases()
    orders, spent, currency, last_at = bought
    return Purchases(orders, Decimal(spent), currency, optional_instant(last_at))
