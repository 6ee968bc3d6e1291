"""Checks an event from outside as a whole: everything that is wrong with it, or its translation."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from outreach.adapters.envelope.limits import size_problem
from outreach.adapters.envelope.model import ConsentPart, CustomerPart, Envelope, OrderPart
from outreach.adapters.envelope.rules import broken_rules, name_problems
from outreach.adapters.json_schema import schema_of
from outreach.adapters.model_problems import Path, findings
from outreach.domain.customer import Consent
from outreach.domain.errors import InvalidEvent, Problem
from outreach.domain.event import CustomerMention, Event, OrderMention
from outreach.domain.order import OrderItem

_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_FREE_FORM = frozenset({"attributes", "properties"})
_CUSTOMER_FIELDS = ("email", "first_name", "last_name", "locale", "country", "time_zone")
_ORDER_FIELDS = ("status", "placed_at", "promised_at", "total", "currency", "delay_reason", "url")


def checked_event(name: str, detail: object, now: datetime) -> Event:
    """The event. Raises InvalidEvent with every problem found."""
    problems = list(name_problems(name))
    if not isinstance(detail, Mapping):
        problems.append(Problem("detail", "must be a JSON object"))
        raise InvalidEvent(tuple(problems))
    too_much = size_problem(dict(detail))
    if too_much is not None:
        problems.append(Problem("detail", too_much))
        raise InvalidEvent(tuple(problems))
    try:
        envelope = Envelope.model_validate(_mentioned(detail))
    except ValidationError as error:
        problems += [Problem(_dotted(found.path), found.what) for found in findings(error, Envelope, {})]
        raise InvalidEvent(tuple(problems)) from None
    problems += broken_rules(name, envelope, now)
    if problems:
        raise InvalidEvent(tuple(problems))
    return Event(
        id=envelope.event_id,
        name=name,
        occurred_at=envelope.occurred_at,
        customer=_customer(envelope.customer, envelope.occurred_at),
        order=None if envelope.order is None else _order(envelope.order),
        properties=envelope.properties,
    )


def event_json_schema() -> dict[str, object]:
    """The JSON Schema of an event's detail (draft 2020-12)."""
    return schema_of(Envelope, "Outreach event", without_null=False)


def _mentioned(part: Any) -> Any:
    """Without what is null or blank: a producer that has nothing to say of a field erases nothing."""
    if isinstance(part, list):
        return [_mentioned(each) for each in part]
    if not isinstance(part, Mapping):
        return part
    return {
        name: each if name in _FREE_FORM else _mentioned(each)
        for name, each in part.items()
        if each is not None and not (isinstance(each, str) and not each.strip())
    }


def _customer(part: CustomerPart, occurred_at: datetime) -> CustomerMention:
    consent = part.consent
    return CustomerMention(
        id=part.id,
        fields=dict(_told(part, _CUSTOMER_FIELDS)),
        attributes=part.attributes,
        consent=None if consent is None else _consent(consent, occurred_at),
    )


def _consent(part: ConsentPart, occurred_at: datetime) -> Consent:
    """A no is one whenever it was said; of a yes it matters whether anybody says when that was."""
    dated = part.at is not None or not part.marketing
    return Consent(part.marketing, part.at or occurred_at, part.source, dated)


def _order(part: OrderPart) -> OrderMention:
    items = tuple(
        OrderItem(item.sku, item.name, item.quantity, item.product_line, item.price) for item in part.items
    )
    return OrderMention(part.id, dict(_told(part, _ORDER_FIELDS)), items)


def _told(part: CustomerPart | OrderPart, names: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for name in names:
        value = getattr(part, name)
        if value is not None:
            yield name, value


def _dotted(path: Path) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{_shown(part)}" for part in path)
    return text.removeprefix(".") or "detail"


def _shown(name: str) -> str:
    """A name that is not one of ours could be anything, an address even: only a plain word is repeated."""
    return name if _PLAIN_NAME.fullmatch(name) else "(a name not shown here)"
