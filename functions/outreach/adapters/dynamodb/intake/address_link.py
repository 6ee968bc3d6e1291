"""Which customers have an address: stored by intake, in the same transaction that stores the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.address import raised_version
from outreach.adapters.dynamodb.items.attributes import number, text
from outreach.adapters.dynamodb.items.change import Change
from outreach.domain.feedback.suppression import KnownAddress

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef, UpdateTypeDef

    from outreach.domain.feedback.suppression import SuppressionApplied
    from outreach.domain.intake.customer import Customer


def relinked(
    suppression_applied: SuppressionApplied, customer_id: str, table: str
) -> list[TransactWriteItemTypeDef]:
    """The link moves to the new address, provided that its status is unchanged since it was read.

    So an address that is suppressed concurrently either finds the link, or makes intake read again. Of two
    customers who get one address at once, the second reads again and finds the first.
    """
    writes: list[TransactWriteItemTypeDef] = []
    if suppression_applied.left is not None:
        key = keys.address_link(suppression_applied.left, customer_id)
        writes.append({"Delete": {"TableName": table, "Key": key}})
    if suppression_applied.taken is None:
        return writes
    link = keys.address_link(suppression_applied.taken, customer_id)
    writes.append({"Put": {"TableName": table, "Item": link}})
    if suppression_applied.joins:
        address = KnownAddress(suppression_applied.taken, version=suppression_applied.version)
        writes.append({"Update": raised_version(address, table)})
    else:
        unchanged = Change()
        unchanged.require_version(suppression_applied.version)
        writes.append({"ConditionCheck": unchanged.check(table, keys.address(suppression_applied.taken))})
    writes += [
        {"Update": _shares(other, suppression_applied.taken, table)} for other in suppression_applied.to_note
    ]
    return writes


def _shares(other: Customer, address_id: str, table: str) -> UpdateTypeDef:
    """Note on another customer's profile that they share the address.

    It counts as a claim and as a change of the profile: a sender or an intake that judged the customer as the
    only one with the address must judge anew.
    """
    change = Change()
    change.require_version(other.version)
    change.set(number(other.version + 1), "version")
    claims = change.path("claims")
    if other.claims == 0:
        change.require(f"attribute_not_exists({claims})")
    else:
        change.require(f"{claims} = {change.value(number(other.claims))}")
    change.set(number(other.claims + 1), "claims")
    change.set(text(address_id), "address")
    change.set({"BOOL": True}, "shared")
    return change.update(table, keys.profile(other.id))
