"""Checks an event from outside as a whole: returns every problem, or its translation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from outreach.adapters.events.envelope.limits import size_problem
from outreach.adapters.events.envelope.model import ConsentPart, CustomerPart, Envelope, ItemPart, OrderPart
from outreach.adapters.events.envelope.rules import LATEST, broken_rules, name_problems
from outreach.adapters.validation.json_schema import schema_of
from outreach.adapters.validation.model_problems import Path, findings, known_names
from outreach.adapters.validation.suggest import near
from outreach.domain.errors import InvalidEventError, Problem
from outreach.domain.intake.customer import Consent
from outreach.domain.intake.event import CustomerMention, Event, OrderMention
from outreach.domain.intake.order import OrderItem

if TYPE_CHECKING:
    from datetime import datetime

_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_OUR_NAMES = frozenset(
    name
    for model in (Envelope, CustomerPart, ConsentPart, OrderPart, ItemPart)
    for name in known_names(model, ())
)
_FREE_FORM = frozenset({"attributes", "properties"})
_CUSTOMER_FIELDS = ("email", "first_name", "last_name", "locale", "country", "time_zone")
LEFT_OUT_IF_WRONG = frozenset(
    {("customer", field) for field in (*_CUSTOMER_FIELDS, "attributes")}
    | {("order", field) for field in ("delay_reason", "url")}
)
"""Fields that are left out of an event when they are wrong: messages can do without them, and earlier values
stay. Consent is not among them, because a no must not be lost."""
_UNKNOWN_ZONE = "Etc/Unknown"
"""CLDR's value for an unknown zone."""
_ORDER_FIELDS = ("status", "placed_at", "promised_at", "total", "currency", "delay_reason", "url")


@dataclass(frozen=True, slots=True)
class Receipt:
    """When Outreach received an event."""

    received_at: datetime
    stamped_at: datetime | None = None
    """The `time` of the event on the bus: an event that was sent back to the queue, or replayed, keeps it."""

    def of(self, occurred_at: datetime) -> datetime:
        """The earliest known time. A producer may set `time` itself: only a possible receipt counts."""
        stamped_at = self.stamped_at
        if stamped_at is None or stamped_at < occurred_at - LATEST:
            return self.received_at
        return min(stamped_at, self.received_at)


def checked_event(
    name: str, detail: object, now: datetime, receipt: Receipt, on_left_out: Callable[[Problem], None]
) -> Event:
    """The event. Raises InvalidEventError with every problem found."""
    problems = list(name_problems(name))
    if not isinstance(detail, Mapping):
        problems.append(Problem("detail", "must be a JSON object"))
        raise InvalidEventError(tuple(problems))
    too_much = size_problem(dict(detail))
    if too_much is not None:
        problems.append(Problem("detail", too_much))
        raise InvalidEventError(tuple(problems))
    envelope, wrong = _without_wrong(_mentioned(detail))
    if envelope is None:
        raise InvalidEventError((*problems, *wrong))
    problems += broken_rules(name, envelope, now)
    if problems:
        raise InvalidEventError((*problems, *wrong))
    for each in wrong:
        on_left_out(each)
    return _event(name, envelope, receipt.of(envelope.occurred_at))


def _without_wrong(detail: dict[str, Any]) -> tuple[Envelope | None, list[Problem]]:
    """The envelope without the wrong fields that it can do without, and their problems.

    When anything else is wrong there is no envelope, and every problem is returned.
    """
    try:
        return Envelope.model_validate(detail), []
    except ValidationError as error:
        found = list(findings(error, Envelope, {}))
    problems = [Problem(_dotted(each.path), each.what) for each in found]
    places = {each.path[:2] for each in found}
    if not places <= LEFT_OUT_IF_WRONG:
        return None, problems
    kept = {
        part: {key: each for key, each in value.items() if (part, key) not in places}
        if isinstance(value, dict)
        else value
        for part, value in detail.items()
    }
    return Envelope.model_validate(kept), problems


def _event(name: str, envelope: Envelope, received_at: datetime) -> Event:
    """No time counts as later than the receipt, or a producer's fast clock would beat later events."""
    occurred_at = min(envelope.occurred_at, received_at)
    return Event(
        id=envelope.event_id,
        name=name,
        occurred_at=occurred_at,
        customer=_customer(envelope.customer, occurred_at, received_at),
        order=None if envelope.order is None else _order(envelope.order, received_at),
        properties=envelope.properties,
        stated_at=envelope.occurred_at if envelope.occurred_at > occurred_at else None,
    )


def event_json_schema() -> dict[str, object]:
    """The JSON Schema of an event's detail (draft 2020-12)."""
    return schema_of(Envelope, "Outreach event", without_null=False)


def _mentioned(part: Any) -> Any:
    """Without null and blank values: a producer that leaves a field empty erases nothing."""
    if isinstance(part, list):
        return [_mentioned(each) for each in part]
    if not isinstance(part, Mapping):
        return part
    return {
        name: each if name in _FREE_FORM else _mentioned(each)
        for name, each in part.items()
        if each is not None and not (isinstance(each, str) and not each.strip())
        if (name, each) != ("time_zone", _UNKNOWN_ZONE)
    }


def _customer(part: CustomerPart, occurred_at: datetime, received_at: datetime) -> CustomerMention:
    consent = part.consent
    return CustomerMention(
        id=part.id,
        fields=dict(_told(part, _CUSTOMER_FIELDS)),
        attributes=part.attributes,
        consent=None if consent is None else _consent(consent, occurred_at, received_at),
    )


def _consent(part: ConsentPart, occurred_at: datetime, received_at: datetime) -> Consent:
    """A no counts without a time; for a yes it matters whether its time is known."""
    dated = part.at is not None or not part.marketing
    return Consent(part.marketing, min(part.at or occurred_at, received_at), part.source, dated)


def _order(part: OrderPart, received_at: datetime) -> OrderMention:
    items = tuple(
        OrderItem(item.sku, item.name, item.quantity, item.product_line, item.price) for item in part.items
    )
    fields = dict(_told(part, _ORDER_FIELDS))
    if part.placed_at is not None:
        fields["placed_at"] = min(part.placed_at, received_at)
    return OrderMention(part.id, fields, items)


def _told(part: CustomerPart | OrderPart, names: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for name in names:
        value = getattr(part, name)
        if value is not None:
            yield name, value


def _dotted(path: Path) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{_shown(part)}" for part in path)
    return text.removeprefix(".") or "detail"


def _shown(name: str) -> str:
    """An unknown name may be personal: only one within a typing error of a known name is repeated."""
    is_slip = _PLAIN_NAME.fullmatch(name) is not None and near(name, _OUR_NAMES) is not None
    return name if is_slip else "(a name not shown here)"
