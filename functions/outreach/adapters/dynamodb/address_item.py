"""The row of an address: what speaks against it. Beside it lies one row per customer who has that address."""

from typing import Any

from outreach.adapters.dynamodb.attributes import (
    Attribute,
    Item,
    facts,
    in_milliseconds,
    milliseconds,
    moment,
    moments,
    number,
    optional_milliseconds,
    optional_moment,
    read_facts,
    text,
)
from outreach.domain.customer import SuppressionReason
from outreach.domain.suppression import KnownAddress, Mark, Standing

SUPPRESSED = "suppressed"
"""There only while the address is suppressed: the reason."""
SOFT_BOUNCES = "soft"
"""There only while soft bounces count: how many."""


def address_attributes(known: KnownAddress) -> dict[str, Attribute]:
    """Everything but the key, one version on."""
    standing = known.standing
    values: dict[str, Any] = {
        "marks": {reason: [milliseconds(it.at), it.source] for reason, it in standing.marks.items()},
        "soft": in_milliseconds(standing.soft),
        "delivered": optional_milliseconds(standing.delivered_at),
        "lifted": optional_milliseconds(standing.lifted_at),
    }
    attributes: dict[str, Attribute] = {
        "facts": facts(values),
        "changes": number(known.changes),
        "version": number(known.version + 1),
    }
    if standing.reason is not None:
        attributes[SUPPRESSED] = text(standing.reason)
    if standing.soft:
        attributes[SOFT_BOUNCES] = number(len(standing.soft))
    return attributes


def read_address(address_id: str, item: Item) -> KnownAddress:
    """The address of a row; an empty row is one that nothing was heard of."""
    if not item:
        return KnownAddress(address_id)
    known = read_facts(item)
    marks = {
        SuppressionReason(reason): Mark(moment(at), source)
        for reason, (at, source) in known.get("marks", {}).items()
    }
    return KnownAddress(
        address_id,
        Standing(
            marks,
            moments(known.get("soft", {})),
            optional_moment(known.get("delivered")),
            optional_moment(known.get("lifted")),
        ),
        changes=int(item["changes"]["N"]),
        version=int(item["version"]["N"]),
    )
