"""The row of an address: its status. Beside it lies one row per customer who has that address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import (
    Attribute,
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
from outreach.domain.feedback.suppression import AddressStatus, KnownAddress, Mark
from outreach.domain.intake.customer import SuppressionReason

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import UpdateTypeDef

SUPPRESSED = "suppressed"
"""Present only while the address is suppressed: the reason."""
SOFT_BOUNCES = "soft"
"""Present only while soft bounces count: how many."""


def address_attributes(known: KnownAddress) -> dict[str, Attribute]:
    """Everything but the key, with the next version."""
    status = known.status
    values: dict[str, Any] = {
        "marks": {reason: [milliseconds(it.at), it.source] for reason, it in status.marks.items()},
        "soft": in_milliseconds(status.soft),
        "delivered": optional_milliseconds(status.delivered_at),
        "lifted": optional_milliseconds(status.lifted_at),
        "no": optional_milliseconds(status.opted_out_at),
    }
    attributes: dict[str, Attribute] = {
        "facts": facts(values),
        "changes": number(known.changes),
        "version": number(known.version + 1),
    }
    if status.reason is not None:
        attributes[SUPPRESSED] = text(status.reason)
    if status.soft:
        attributes[SOFT_BOUNCES] = number(len(status.soft))
    return attributes


def raised_version(known: KnownAddress, table: str) -> UpdateTypeDef:
    """Concurrent readers of the address must read again; raises a conflict when the row changed."""
    change = Change()
    change.require_version(known.version)
    change.set(number(known.version + 1), "version")
    return change.update(table, keys.address(known.id))


def read_address(address_id: str, item: Item) -> KnownAddress:
    """The address of a row; an empty row is an address without reports.

    A row that only intake and claims wrote holds nothing but its version.
    """
    if not item:
        return KnownAddress(address_id)
    known = read_facts(item)
    marks = {
        SuppressionReason(reason): Mark(instant(at), source)
        for reason, (at, source) in known.get("marks", {}).items()
    }
    return KnownAddress(
        address_id,
        AddressStatus(
            marks,
            instants(known.get("soft", {})),
            optional_instant(known.get("delivered")),
            optional_instant(known.get("lifted")),
            optional_instant(known.get("no")),
        ),
        changes=int(item["changes"]["N"]) if "changes" in item else 0,
        version=int(item["version"]["N"]),
    )
