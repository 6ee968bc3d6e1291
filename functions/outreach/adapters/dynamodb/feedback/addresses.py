"""What is known of addresses, under a keyed hash: it outlives the customer and holds no address.

Who has both the table and the key of the hash, which lies apart from it, can try addresses.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.batch_get import batch_get
from outreach.adapters.dynamodb.conflicts import conflict_when_changed
from outreach.adapters.dynamodb.items.address import (
    SOFT_BOUNCES,
    SUPPRESSED,
    address_attributes,
    read_address,
)
from outreach.adapters.dynamodb.items.attributes import text
from outreach.adapters.dynamodb.items.change import Change
from outreach.adapters.ses.mime import ascii_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.domain.feedback.suppression import KnownAddress


class DynamoAddresses:
    """Keeps the port Addresses. `secret` gives the key of the hash; it is asked for once."""

    def __init__(self, client: DynamoDBClient, table: str, *, secret: Callable[[], bytes]) -> None:
        self._client = client
        self._table = table
        self._secret = secret
        self._key = b""

    def id_of(self, address: str) -> str:
        """HMAC-SHA256 of the address as SES is given it (domain in Punycode), in lower case.

        Lower case, because hardly any mailbox tells `Ana@` from `ana@`, and people type both.
        """
        self._key = self._key or self._secret()
        try:
            plain = ascii_address(address)
        except ValueError:
            plain = address
        return hmac.digest(self._key, plain.lower().encode(), "sha256").hex()

    def known(self, address_id: str) -> KnownAddress:
        """Always the newest; one that nothing was heard of is empty, of version 0."""
        key = keys.address(address_id)
        answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return read_address(address_id, answer.get("Item", {}))

    def with_customers(self, address_id: str, most: int) -> tuple[KnownAddress, tuple[str, ...]]:
        """The address and at most so many of its customers, in one request.

        The address's own row sorts before the links, so it is as old as they are, or older.
        """
        answer = self._client.query(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="PK = :address",
            ExpressionAttributeValues={":address": keys.address(address_id)[keys.PARTITION]},
            Limit=most + 1,
        )
        rows = answer["Items"]
        own = next((row for row in rows if row[keys.SORT]["S"] == keys.ADDRESS), {})
        links = [keys.linked_customer(row) for row in rows if row is not own]
        return read_address(address_id, own), tuple(links[:most])

    def soft_bounced(self, address_ids: Iterable[str]) -> frozenset[str]:
        """Which of these have soft bounces that still count: one request for a hundred."""
        wanted = [keys.address(address_id) for address_id in sorted(set(address_ids))]
        rows = batch_get(self._client, self._table, wanted, only=SOFT_BOUNCES)
        return frozenset(keys.address_id(row) for row in rows.values() if SOFT_BOUNCES in row)

    def save(self, known: KnownAddress) -> None:
        """Store it, unless somebody else was faster: raises ConflictError."""
        change = Change()
        change.require_version(known.version)
        item = {**keys.address(known.id), **address_attributes(known)}
        with conflict_when_changed("the address"):
            self._client.put_item(**change.put(self._table, item))

    def customers(self, address_id: str) -> tuple[str, ...]:
        """Everybody who has this address now."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="PK = :address AND begins_with(SK, :customers)",
            ExpressionAttributeValues={
                ":address": keys.address(address_id)[keys.PARTITION],
                ":customers": text(keys.CUSTOMERS),
            },
        )
        return tuple(keys.linked_customer(row) for page in pages for row in page["Items"])

    def suppressed(self) -> Iterator[KnownAddress]:
        """Every address that is suppressed now. Reads the whole table: for people, not for functions."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table,
            FilterExpression=f"SK = :row AND attribute_exists({SUPPRESSED})",
            ExpressionAttributeValues={":row": text(keys.ADDRESS)},
        )
        for page in pages:
            for row in page["Items"]:
                yield read_address(keys.address_id(row), row)
