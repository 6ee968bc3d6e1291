"""Which customers have an address: kept by intake, in the same transaction that stores the address."""

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.change import Change

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from outreach.domain.suppression import Heeded


def relinked(heeded: "Heeded", customer_id: str, table: str) -> "list[TransactWriteItemTypeDef]":
    """The link moves to the new address, provided that nothing new was heard of that since it was read.

    So an address that is suppressed at this very moment either finds the link, or makes intake look again.
    """
    writes: list[TransactWriteItemTypeDef] = []
    if heeded.left is not None:
        key = keys.address_link(heeded.left, customer_id)
        writes.append({"Delete": {"TableName": table, "Key": key}})
    if heeded.taken is not None:
        unchanged = Change()
        unchanged.require_version(heeded.version)
        link = keys.address_link(heeded.taken, customer_id)
        writes.append({"Put": {"TableName": table, "Item": link}})
        writes.append({"ConditionCheck": unchanged.check(table, keys.address(heeded.taken))})
    return writes
