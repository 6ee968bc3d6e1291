"""The end of a restore: decides what is unresolved, and starts an execution where each run stands."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import text
from outreach.adapters.dynamodb.items.enrollment import read_enrollment
from outreach.domain.errors import UnknownCampaignError, UnknownEnrollmentError
from outreach.domain.journeys.enrollment import EnrollmentId
from outreach.domain.operations.restored_sends import (
    recorded_as_unknown,
    sent_unreported,
    unreported_slots,
    without_unresolved_sends,
)
from outreach.domain.sending.send import SendId, SendStatus
from outreach_tools.operations.restoring.copy_back import RESTORED
from outreach_tools.operations.restoring.replays import MARGIN

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.adapters.dynamodb import DynamoTable
    from outreach.adapters.dynamodb.items.attributes import Item
    from outreach.domain.journeys.enrollment import Enrollment
    from outreach.domain.sending.sending_state import Restore
    from outreach.ports.clock import Clock
    from outreach.ports.journeys import Campaigns
    from outreach.ports.operations import Executions


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A message that may have been sent, or was sent and has no run: what happens to it at the end."""

    send: SendId
    why: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A repeat finishes one that was interrupted."""

    client: "DynamoDBClient"
    name: str
    """Of the stack's table."""
    table: "DynamoTable"
    campaigns: "Campaigns"
    executions: "Executions"
    clock: "Clock"
    restore: "Restore"

    def uncertain(self) -> Iterator[Uncertain]:
        """Every message whose outcome is unknown, and every report without a run."""
        gaps = self._gaps()
        for enrollment, _ in self._active():
            for after in self._decided(enrollment, gaps):
                for step, send in after.sends.items():
                    if enrollment.sends.get(step) != send:
                        yield _explained(enrollment, step, after)
        for row in self._unmatched():
            send_id = SendId.decoded(row["send"]["S"])
            if not self._is_known(send_id):
                why = "a report says that it was sent, and its run is not in the table"
                yield Uncertain(send_id, why, "nothing is sent")

    def finish(self) -> Counter[str]:
        """Decide what is unresolved and start executions; returns how many of each."""
        done: Counter[str] = Counter()
        gaps = self._gaps()
        for enrollment, is_restored in self._active():
            decided = enrollment
            for after in self._decided(enrollment, gaps):
                decided = self._save(enrollment, after)
                done["decided"] += 1
            if not decided.swept and (is_restored or decided.started_at >= self.restore.to - MARGIN):
                self.executions.begin_anew(decided)
                done["executions"] += 1
            if is_restored:
                self.client.update_item(
                    TableName=self.name,
                    Key=keys.enrollment(decided.id),
                    UpdateExpression=f"REMOVE {RESTORED}",
                    ConditionExpression="attribute_exists(PK)",
                )
        return done

    def _decided(self, enrollment: "Enrollment", gaps: frozenset[datetime]) -> "Iterator[Enrollment]":
        """The run with its unresolved messages decided; nothing when it has none.

        A run that has both kinds is decided in two calls, because they are stored in two ways.
        """
        now = self.clock.now()
        with suppress(UnknownCampaignError):
            campaign = self.campaigns.pinned(enrollment.id.campaign, enrollment.bundle)
            after = without_unresolved_sends(enrollment, campaign, now)
            step = sent_unreported(enrollment, campaign, gaps)
            if after != enrollment:
                yield after
            elif step is not None:
                yield recorded_as_unknown(enrollment, campaign, step, now)

    def _save(self, before: "Enrollment", after: "Enrollment") -> "Enrollment":
        new = after.sends.keys() - before.sends.keys()
        if not new:
            return self.table.enrollments.save(after)
        self.table.restored_sends.restore(after, new.pop(), None)
        return self.table.enrollments.get(after.id)

    def _gaps(self) -> frozenset[datetime]:
        first, last = self.restore.to, self.restore.begun_at
        return unreported_slots(self.table.feedback_marks.slots_between(first, last), first, last)

    def _is_known(self, send_id: SendId) -> bool:
        enrollment_id = EnrollmentId(send_id.customer_id, send_id.campaign, send_id.key)
        try:
            enrollment = self.table.enrollments.get(enrollment_id)
        except UnknownEnrollmentError:
            return self.table.customers.customer(send_id.customer_id).erased_at is not None
        return enrollment.run == send_id.run and send_id.step in enrollment.sends

    def _active(self) -> "Iterator[tuple[Enrollment, bool]]":
        """Each with whether its row was brought back."""
        pages = self.client.get_paginator("scan").paginate(
            TableName=self.name,
            ConsistentRead=True,
            FilterExpression="begins_with(SK, :enrollments) AND #status = :active",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":enrollments": text(keys.ENROLLMENTS), ":active": text("active")},
        )
        for page in pages:
            for row in page["Items"]:
                yield read_enrollment(keys.enrollment_id(row), row), RESTORED in row

    def _unmatched(self) -> "Iterator[Item]":
        pages = self.client.get_paginator("query").paginate(
            TableName=self.name,
            KeyConditionExpression="PK = :unmatched",
            ExpressionAttributeValues={":unmatched": text(keys.UNMATCHED)},
        )
        for page in pages:
            yield from page["Items"]


def _explained(before: "Enrollment", step: str, after: "Enrollment") -> Uncertain:
    is_unknown = after.sends[step].status is SendStatus.UNKNOWN
    why = (
        "it was being sent at the restored time, and no report says that it was sent"
        if step in before.sends
        else "it was due when no report was archived"
    )
    return Uncertain(before.send_id(step), why, "not sent" if is_unknown else "sent, perhaps again")
