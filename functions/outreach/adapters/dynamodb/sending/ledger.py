"""The ledger of sends: who may send, what became of it, and what feedback says of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.conflicts import conflict_when_changed
from outreach.adapters.dynamodb.items.address import raised_version
from outreach.adapters.dynamodb.items.enrollment import read_enrollment
from outreach.adapters.dynamodb.journeys.enrollment_change import (
    claimed,
    moved,
    noted,
    reopened,
    risen,
)
from outreach.adapters.dynamodb.journeys.trigger_properties import completed
from outreach.adapters.dynamodb.sending.claim_change import still_wanted
from outreach.adapters.dynamodb.sending.place_change import without_place
from outreach.domain.errors import ConflictError, UnknownEnrollmentError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from outreach.adapters.dynamodb.items.change import Change
    from outreach.adapters.dynamodb.keys import Key
    from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId
    from outreach.domain.sending.send import Send
    from outreach.ports.sending import Claim

_ROUNDS = 4
"""How often `record` looks again; one round is lost only to a transaction of the very same moment."""


class DynamoLedger:
    """Keeps the ports Ledger and Reopening."""

    def __init__(self, client: DynamoDBClient, table: str, *, shards: int) -> None:
        self._client = client
        self._table = table
        self._shards = shards

    def claim(self, claim: Claim) -> Enrollment:
        """Take the right to send, in one transaction; raises ConflictError when anything it rests on changed.

        Gives back the claim's enrollment with its new version.
        """
        enrollment = claim.enrollment
        send = claimed(enrollment, claim.send_id.step, self._shards)
        writes: list[TransactWriteItemTypeDef] = [
            {"Update": send.update(self._table, keys.enrollment(enrollment.id))},
            still_wanted(claim, self._table),
        ]
        if claim.address is not None:
            writes.append({"Update": raised_version(claim.address, self._table)})
        with conflict_when_changed("the enrollment, or what the customer wants,"):
            self._client.transact_write_items(TransactItems=writes)
        return replace(enrollment, version=enrollment.version + 1)

    def record(self, enrollment: Enrollment, step: str, send: Send) -> Enrollment:
        """Store what became of a claimed send, and where the enrollment stands after it.

        Gives back the run as it is stored then. Feedback that said more stays; a run that was ended or
        moved meanwhile stays where it is; one that a newer run replaced is recorded in the archive.
        Raises UnknownEnrollmentError when there is no such run, ConflictError when nobody claimed the send.
        """
        for _ in range(_ROUNDS):
            with suppress(ConflictError):
                everything = risen(moved(enrollment, self._shards), step, send)
                self._update(everything, keys.enrollment(enrollment.id))
                return replace(enrollment.with_send(step, send), version=enrollment.version + 1)
            key, stored = self._run(enrollment.id, enrollment.run)
            known = stored.sends.get(step)
            if known is None:
                break
            is_untouched = stored.version == enrollment.version
            if known.status.rank >= send.status.rank:
                return self._move(enrollment.with_send(step, known), key) if is_untouched else stored
            if not is_untouched:
                with suppress(ConflictError):
                    self._update(noted(enrollment.run, step, send), key)
                    return stored.with_send(step, send)
        raise ConflictError(
            f"the send of step {step} could not be recorded: nobody claimed it, or too many at once"
        )

    def free_place(self, customer_id: str, at: datetime) -> None:
        """Let the cap count the send of that moment no more; in vain when somebody is faster each time."""
        key = keys.profile(customer_id)
        for _ in range(_ROUNDS):
            profile = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get(
                "Item", {}
            )
            change = without_place(profile, at)
            if change is None:
                return
            with suppress(ConflictError), conflict_when_changed("the profile"):
                self._client.update_item(**change.update(self._table, key))
                return

    def reopen(self, enrollment: Enrollment, steps: Collection[str]) -> Enrollment:
        """Store sends that failed as ones that are tried again, and where their enrollment stands.

        Gives back the enrollment with its new version. Raises ConflictError when it changed since it was
        read, or one of the sends has not failed.
        """
        self._update(reopened(enrollment, steps, self._shards), keys.enrollment(enrollment.id))
        return replace(enrollment, version=enrollment.version + 1)

    def _move(self, enrollment: Enrollment, key: Key) -> Enrollment:
        """Only on to the next step: the send is known better than we know it."""
        with suppress(ConflictError):
            self._update(moved(enrollment, self._shards), key)
            return replace(enrollment, version=enrollment.version + 1)
        return self._run(enrollment.id, enrollment.run)[1]

    def _run(self, enrollment_id: EnrollmentId, run: int) -> tuple[Key, Enrollment]:
        """The newest state of one run and where it lies: its own row, or the archive."""
        for key in (keys.enrollment(enrollment_id), keys.run(enrollment_id, run)):
            row = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
            if row is not None and int(row["run"]["N"]) == run:
                return key, completed(self._client, self._table, read_enrollment(enrollment_id, row))
        raise UnknownEnrollmentError(f"no run {run} of this enrollment in campaign {enrollment_id.campaign}")

    def _update(self, change: Change, key: Key) -> None:
        with conflict_when_changed("the enrollment"):
            self._client.update_item(**change.update(self._table, key))
