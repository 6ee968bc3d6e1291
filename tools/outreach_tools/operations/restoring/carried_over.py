"""What a restore leaves alone, and what it carries over from today's rows: operators' later decisions.

No archive has them, so today's rows are their only record.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.address import address_attributes, read_address
from outreach.adapters.dynamodb.items.attributes import Item
from outreach.usecases.feedback.apply_address_report import SOURCE

if TYPE_CHECKING:
    from outreach.domain.feedback.suppression import AddressStatus

_STOPS = ("stopped", "stops")
"""Attributes of a profile that only operators change."""
_OF_THE_STACK = frozenset(
    {
        keys.HOUSE,
        keys.FEEDBACK,
        keys.PUBLISHED,
        keys.SWEEPS,
        keys.DROPPED,
        keys.UNMATCHED,
        keys.table_format()[keys.PARTITION]["S"],
    }
)


def belongs_to_the_stack(row: Item) -> bool:
    """Whether a row is about the stack and not about customers: then today's holds.

    Pauses, the breaker's count, which versions are published, which sources of reports flow, and the format
    of the rows that functions write from now on.
    """
    partition: str = row[keys.PARTITION]["S"]
    return partition in _OF_THE_STACK or partition.startswith((keys.HISTORIES, keys.SECRETS, keys.LEASES))


def says_what_holds_now(row: Item) -> bool:
    """Whether a row of the stack must not even be brought back when it is missing, such as an old pause."""
    partition: str = row[keys.PARTITION]["S"]
    if partition.startswith(keys.LEASES):
        return True
    return partition == keys.HOUSE and row[keys.SORT]["S"] != keys.swept_campaigns()[keys.SORT]["S"]


def with_decisions_of(today: Item | None, row: Item) -> Item:
    """A row of the earlier time, with operators' later decisions about the customer or the address."""
    if today is None:
        return row
    if row[keys.SORT]["S"] == keys.PROFILE:
        kept = {name: value for name, value in row.items() if name not in _STOPS}
        return {**kept, **{name: today[name] for name in _STOPS if name in today}}
    if row[keys.SORT]["S"] == keys.ADDRESS:
        return _address_with_decisions_of(today, row)
    return row


def _address_with_decisions_of(today: Item, row: Item) -> Item:
    address_id = keys.address_id(row)
    known, status = (
        read_address(address_id, row),
        read_address(address_id, today).status,
    )
    merged: AddressStatus = known.status
    for reason, mark in status.marks.items():
        if mark.source != SOURCE:
            merged = merged.marked(reason, mark.at, mark.source)
    if status.lifted_at is not None:
        merged = merged.lifted(status.lifted_at)
    if merged == known.status:
        return row
    changed = known.reported(merged)
    key = {name: row[name] for name in (keys.PARTITION, keys.SORT)}
    return {
        **key,
        **address_attributes(replace(changed, version=max(known.version, int(today["version"]["N"])))),
    }
