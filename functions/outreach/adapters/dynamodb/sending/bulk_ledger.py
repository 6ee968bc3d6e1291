"""The ledger for many at once: groups of writes that lose only those who lost a race."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.conflicts import beaten_places
from outreach.adapters.dynamodb.items import page as page_item
from outreach.adapters.dynamodb.items.change import Change
from outreach.adapters.dynamodb.journeys.enrollment_change import claimed, saved
from outreach.adapters.dynamodb.sending.claim_change import still_wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId
    from outreach.domain.sending.page import Page
    from outreach.ports.sending import Claim

_AT_ONCE = 100
"""Writes in one transaction (AWS quota)."""
_WRITES_PER_CLAIM = 2


class DynamoBulkLedger:
    """Keeps the port BulkLedger."""

    def __init__(self, client: DynamoDBClient, table: str, *, shards: int) -> None:
        self._client = client
        self._table = table
        self._shards = shards

    def claim_page(self, page: Page, claims: Sequence[Claim]) -> tuple[Enrollment, ...]:
        """Claim all that still may be, and open the page for just them, in one transaction.

        A claim that lost its race is taken out and the others are tried again, so the page that is
        stored is exactly what was claimed.
        """
        going = list(claims)
        while going:
            opened = replace(page, sends={claim.send_id: page.sends[claim.send_id] for claim in going})
            writes: list[TransactWriteItemTypeDef] = [
                {"Put": {"TableName": self._table, "Item": page_item.page_row(opened)}}
            ]
            for claim in going:
                send = claimed(claim.enrollment, claim.send_id.step, self._shards)
                writes.append({"Update": send.update(self._table, keys.enrollment(claim.enrollment.id))})
                writes.append(still_wanted(claim, self._table))
            lost = self._write(writes)
            if not lost:
                break
            beaten = {(place - 1) // _WRITES_PER_CLAIM for place in lost}
            going = [claim for place, claim in enumerate(going) if place not in beaten]
        return tuple(replace(each.enrollment, version=each.enrollment.version + 1) for each in going)

    def close_page(self, page: Page) -> None:
        """Store the page's receipts."""
        change = Change()
        change.set(page_item.receipts_attribute(page), page_item.RECEIPTS)
        self._client.update_item(**change.update(self._table, keys.page(page.shard, page.at, page.id)))

    def save_all(self, enrollments: Sequence[Enrollment]) -> tuple[EnrollmentId, ...]:
        """Store where enrollments stand now; gives back those that changed meanwhile."""
        beaten: list[EnrollmentId] = []
        left = list(enrollments)
        while left:
            group = left[:_AT_ONCE]
            writes: list[TransactWriteItemTypeDef] = [
                {"Update": saved(each, self._shards).update(self._table, keys.enrollment(each.id))}
                for each in group
            ]
            lost = self._write(writes)
            beaten += [group[place].id for place in lost]
            # After a lost race nothing of the group was stored: the others go again.
            left = [each for place, each in enumerate(left) if place not in lost] if lost else left[_AT_ONCE:]
        return tuple(beaten)

    def _write(self, writes: list[TransactWriteItemTypeDef]) -> set[int]:
        """All of it, or nothing: then the places of those that lost a race.

        Nobody but us knows the page's own row (the first of its writes), so that never loses one.
        """
        try:
            self._client.transact_write_items(TransactItems=writes)
        except ClientError as error:
            lost = beaten_places(error)
            if not lost:
                raise
            return lost
        return set()
