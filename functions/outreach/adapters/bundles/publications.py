"""The pointers to what is published, and their history, in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.bundles.publication import Publication, publication_item, read_publication
from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.conflicts import conflict_when_changed
from outreach.adapters.dynamodb.items.attributes import text
from outreach.adapters.dynamodb.items.change import Change

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoPublications:
    """Reads all pointers at once, and moves one together with its history."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def pointers(self) -> dict[str, Publication]:
        """The current publications, by campaign; a campaign that was never published is not among them."""
        found = self._query(keys.PUBLISHED, newest_first=False)
        return {each.campaign: each for each in found}

    def history(self, campaign: str) -> tuple[Publication, ...]:
        """All publications, the newest first."""
        return self._query(keys.publications_of(campaign), newest_first=True)

    def move(self, publication: Publication) -> None:
        """Point to another bundle and add it to the history, both or neither.

        Raises ConflictError when the pointer moved meanwhile: its revision must be one more than the one that
        was read.
        """
        pointer, entry = Change(), Change()
        pointer.require_version(publication.revision - 1)
        entry.require_version(0)
        item = publication_item(publication)
        at = keys.pointer(publication.campaign)
        past = keys.publication(publication.campaign, publication.revision)
        with conflict_when_changed("what is published"):
            self._client.transact_write_items(
                TransactItems=[
                    {"Put": pointer.put(self._table, {**at, **item})},
                    {"Put": entry.put(self._table, {**past, **item})},
                ]
            )

    def keep_deployed(self, publication: Publication) -> None:
        """Record what the stack was deployed with, as the entry before all others."""
        at = keys.publication(publication.campaign, 0)
        self._client.put_item(TableName=self._table, Item={**at, **publication_item(publication)})

    def _query(self, partition: str, *, newest_first: bool) -> tuple[Publication, ...]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            ScanIndexForward=not newest_first,
            KeyConditionExpression="PK = :partition",
            ExpressionAttributeValues={":partition": text(partition)},
        )
        return tuple(read_publication(item) for page in pages for item in page["Items"])
