"""Brings the table of a stack back to an earlier time, one step after the other.

Each step checks that its turn has come, and records what it did in the row of the sending state. So a step
may be run again, from any machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from outreach.domain.errors import OutreachError
from outreach.domain.sending.sending_state import Pause, Restore
from outreach_tools.operations.customer_desk import CustomerDesk
from outreach_tools.operations.restoring.completion import Completion, Uncertain
from outreach_tools.operations.restoring.copy_back import Copied, CopyBack
from outreach_tools.operations.restoring.replays import ReplayFailedError, ReplayProgress, Replays
from outreach_tools.wiring import StackAdapters

QUIET = timedelta(minutes=16)
"""How long a function that was sending when everything was paused may still be running (AWS: 15 minutes)."""
ARCHIVED_AFTER = timedelta(minutes=10)
"""How long an event may take to its archive (EventBridge user guide, "Archiving and replaying")."""
ARCHIVED_FOR = timedelta(days=35)
_ARCHIVES = ("EventArchiveArn", "ReportArchiveArn")


class RestoreStepError(OutreachError):
    """The step cannot be taken now; the text says why, and what to do instead."""


@dataclass(frozen=True, slots=True)
class TableRestore:
    """The steps, in their order: begin, copy, replay, uncertain, finish. All raise RestoreStepError.

    They raise MissingOutputError for a stack that lacks an output.
    """

    adapters: StackAdapters
    stack_name: str

    def begin(self, to: str, *, by: str, rows: str | None = None, incomplete: bool = False) -> Restore:
        """Pause everything, and have DynamoDB make a table with the rows of that time.

        `to` is an instant in ISO 8601; `rows` a table that holds them already. `incomplete` goes on although
        the archives are younger than that time.
        """
        now, state = self.adapters.clock.now(), self.adapters.sending_state
        at, sending = _instant(to, now), state.sending()
        if sending.restore is not None:
            begun_to = sending.restore.to.isoformat()
            raise RestoreStepError(f"a restore to {begun_to} has begun: go on with it, or cancel it")
        archived_since = max(map(self._archived_since, _ARCHIVES))
        if at < archived_since and not incomplete:
            raise RestoreStepError(
                f"events and reports are archived since {archived_since.isoformat()} only: what happened "
                "before is not replayed, and messages may go twice; choose a later time, or add --incomplete"
            )
        source = rows or f"{self.adapters.table_name}-{at:%Y%m%dT%H%M%S}"
        if sending.pause is None or not sending.pause.everything:
            reason = f"the table is being restored to {at.isoformat()}"
            state.pause(Pause(everything=True, reason=reason, by=by, at=now))
        if rows is None:
            self.adapters.dynamodb.restore_table_to_point_in_time(
                SourceTableName=self.adapters.table_name,
                TargetTableName=source,
                RestoreDateTime=at,
                GlobalSecondaryIndexOverride=[],
                BillingModeOverride="PAY_PER_REQUEST",
            )
        begun = Restore(at, now, by, source)
        state.note_restore(begun)
        return begun

    def copy(self) -> Copied:
        """Write the rows of that time into the stack's table."""
        restore = self._under_way()
        quiet_at = restore.begun_at + QUIET
        if self.adapters.clock.now() < quiet_at:
            raise RestoreStepError(f"wait until {quiet_at.isoformat()}: what was being sent ends by then")
        client = self.adapters.dynamodb
        status = client.describe_table(TableName=restore.source)["Table"]["TableStatus"]
        if status != "ACTIVE":
            raise RestoreStepError(
                f"the table {restore.source} is {status.lower()}: try again in some minutes"
            )
        copied = CopyBack(client=client, source=restore.source, target=self.adapters.table_name)()
        copied_at = self.adapters.clock.now()
        self._note(replace(restore, copied_at=copied_at, replays=(), replayed_at=None))
        return copied

    def replay(self, *, anyway: bool = False) -> ReplayProgress:
        """Replay what happened since; run it again until it is done. `anyway`: although queues are busy."""
        restore, now = self._under_way(), self.adapters.clock.now()
        if restore.copied_at is None:
            raise RestoreStepError("the rows are not copied yet: run `outreach restore copy`")
        archived_at = restore.copied_at + ARCHIVED_AFTER
        if now < archived_at:
            raise RestoreStepError(f"wait until {archived_at.isoformat()}: events are archived by then")
        stack = self.adapters.stack
        replays = Replays(events=stack.client("events"), sqs=stack.client("sqs"), outputs=stack.outputs)
        try:
            progress = replays.go_on(
                restore.replays,
                since=restore.to,
                now=now,
                prefix=f"{self.stack_name}-restore"[:40],
                anyway=anyway,
            )
        except ReplayFailedError as error:
            self._note(replace(restore, replays=restore.replays[:-1]))
            raise RestoreStepError(f"{error}; run this again to start it anew") from error
        except KeyError as missing:
            text = f"stack {self.stack_name} has no output {missing}: deploy this release first"
            raise RestoreStepError(text) from missing
        replayed_at = now if progress.is_done else None
        self._note(replace(restore, replays=progress.names, replayed_at=replayed_at))
        return progress

    def uncertain(self, templates: Path | None) -> list[Uncertain]:
        """Every message whose outcome is unknown, and what happens to it at the end."""
        return list(self._completion(self._replayed(), templates).uncertain())

    def finish(self, templates: Path | None) -> tuple[Restore, Mapping[str, int]]:
        """Decide what is unresolved, and let enrollments advance; sending stays paused."""
        restore = self._replayed()
        done = self._completion(restore, templates).finish()
        self.adapters.sending_state.end_restore()
        return restore, done

    def cancel(self) -> Restore:
        """End a restore of which no row was copied yet; sending stays paused."""
        restore = self._under_way()
        if restore.copied_at is not None:
            raise RestoreStepError("rows were copied already: go on with `outreach restore replay`")
        self.adapters.sending_state.end_restore()
        return restore

    def _note(self, restore: Restore) -> None:
        self.adapters.sending_state.note_restore(restore)

    def _archived_since(self, output: str) -> datetime:
        archive = self.adapters.output(output).rpartition("/")[2]
        events = self.adapters.stack.client("events")
        created_at: datetime = events.describe_archive(ArchiveName=archive)["CreationTime"]
        return created_at.astimezone(UTC)

    def _under_way(self) -> Restore:
        restore = self.adapters.sending_state.sending().restore
        if restore is None:
            raise RestoreStepError("no restore has begun: run `outreach restore begin --to INSTANT`")
        return restore

    def _replayed(self) -> Restore:
        restore = self._under_way()
        if restore.replayed_at is None:
            raise RestoreStepError(
                "not everything was replayed yet: run `outreach restore replay` until it says so"
            )
        return restore

    def _completion(self, restore: Restore, templates: Path | None) -> Completion:
        desk = CustomerDesk(self.adapters.stack)
        return Completion(
            client=self.adapters.dynamodb,
            name=self.adapters.table_name,
            table=desk.table,
            campaigns=desk.campaigns(templates),
            executions=self.adapters.executions,
            clock=self.adapters.clock,
            restore=restore,
        )


def _instant(given: str, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise RestoreStepError(
            "--to: must be an instant with its offset from UTC, such as 2026-03-01T09:30:00Z"
        ) from None
    if at.tzinfo is None:
        raise RestoreStepError("--to: has no offset from UTC; write it as 2026-03-01T09:30:00Z")
    if at >= now:
        raise RestoreStepError("--to: must lie in the past")
    if at < now - ARCHIVED_FOR:
        raise RestoreStepError(
            "--to: lies more than 35 days back, and what happened since is archived for 35 days"
        )
    return at.astimezone(UTC)
