"""The one table, and the adapter of each port."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb.feedback.addresses import DynamoAddresses
from outreach.adapters.dynamodb.feedback.delivery_ledger import DynamoDeliveryLedger
from outreach.adapters.dynamodb.feedback.feedback_marks import DynamoFeedbackMarks
from outreach.adapters.dynamodb.feedback.survey_answers import DynamoSurveyAnswers
from outreach.adapters.dynamodb.intake.customers import DynamoCustomers
from outreach.adapters.dynamodb.intake.erasable_records import DynamoErasableRecords
from outreach.adapters.dynamodb.intake.intake_store import DynamoIntakeStore
from outreach.adapters.dynamodb.journeys.enrollments import DynamoEnrollments
from outreach.adapters.dynamodb.operations.customer_records import DynamoCustomerRecords
from outreach.adapters.dynamodb.operations.restored_sends import DynamoRestoredSends
from outreach.adapters.dynamodb.sending.bulk_ledger import DynamoBulkLedger
from outreach.adapters.dynamodb.sending.ledger import DynamoLedger
from outreach.adapters.dynamodb.sweeps.due_shards import DynamoDueShards
from outreach.adapters.dynamodb.sweeps.page_log import DynamoPageLog
from outreach.adapters.dynamodb.sweeps.shard_lease import DynamoShardLease
from outreach.adapters.dynamodb.sweeps.snapshots import DynamoSnapshotReader
from outreach.adapters.dynamodb.sweeps.sweep_log import DynamoSweepLog
from outreach.adapters.dynamodb.sweeps.swept_campaigns import DynamoSweptCampaigns

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb import DynamoDBClient


def _hashes_no_address() -> bytes:
    raise RuntimeError("this table was opened without the key of addresses: give address_secret")


class DynamoTable:
    """All that Outreach stores, by port.

    `shards` is the number of parts of the due index; rows that are due keep the shard they were written with,
    so it may only be changed while nothing is due. `address_secret` returns the key of the hash that
    addresses lie under; callers that hash no address need none.
    """

    def __init__(
        self,
        client: DynamoDBClient,
        name: str,
        *,
        shards: int,
        address_secret: Callable[[], bytes] = _hashes_no_address,
    ) -> None:
        self.customers = DynamoCustomers(client, name)
        self.enrollments = DynamoEnrollments(client, name, shards=shards)
        self.intake = DynamoIntakeStore(client, name, shards=shards)
        self.survey_answers = DynamoSurveyAnswers(client, name)
        self.erasable_records = DynamoErasableRecords(client, name)
        self.ledger = DynamoLedger(client, name, shards=shards)
        self.snapshots = DynamoSnapshotReader(client, name)
        self.bulk_ledger = DynamoBulkLedger(client, name, shards=shards)
        self.page_log = DynamoPageLog(client, name, shards=shards)
        self.due_shards = DynamoDueShards(client, name, shards=shards)
        self.shard_lease = DynamoShardLease(client, name)
        self.sweep_log = DynamoSweepLog(client, name)
        self.swept_campaigns = DynamoSweptCampaigns(client, name)
        self.addresses = DynamoAddresses(client, name, secret=address_secret)
        self.delivery_ledger = DynamoDeliveryLedger(client, name)
        self.restored_sends = DynamoRestoredSends(client, name, shards=shards)
        self.customer_records = DynamoCustomerRecords(client, name, shards=shards)
        self.feedback_marks = DynamoFeedbackMarks(client, name)
