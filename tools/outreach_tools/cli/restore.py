"""`outreach restore`: bring the table back to an earlier time, step by step, without a message twice."""

import getpass
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_tools.cli.screen import AsJson, fail, print_json, results
from outreach_tools.cli.sending_state import sending_state_of
from outreach_tools.cli.stack import StackName, aws_failures, output_of, stack_of

if TYPE_CHECKING:
    from outreach.domain.sending.sending_state import Restore
    from outreach_tools.cli.stack import Stack
    from outreach_tools.operations.restoring.completion import Completion

app = typer.Typer(
    help="Bring the table back to an earlier time: begin, copy, replay, check, finish.", no_args_is_help=True
)
_QUIET = timedelta(minutes=16)
"""How long a function that was sending when everything was paused may still be running (AWS: 15 minutes)."""
_ARCHIVED_AFTER = timedelta(minutes=10)
"""How long an event may take to its archive (EventBridge user guide, "Archiving and replaying")."""
_ARCHIVED_FOR = timedelta(days=35)


@app.command()
def begin(
    context: typer.Context,
    to: Annotated[
        str, typer.Option("--to", metavar="INSTANT", help="The time to go back to, as 2026-03-01T09:30:00Z.")
    ],
    rows: Annotated[
        str | None,
        typer.Option("--rows", metavar="TABLE", help="A table that holds the rows of that time already."),
    ] = None,
    incomplete: Annotated[
        bool,
        typer.Option("--incomplete", help="Go on although the archives are younger than that time."),
    ] = False,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Pause everything, and have DynamoDB make a table with the rows of that time."""
    from outreach.adapters.system_clock import SystemClock
    from outreach.domain.sending.sending_state import Pause, Restore

    now = SystemClock().now()
    at = _instant(to, now)
    with aws_failures(stack):
        state = sending_state_of(context, stack)
        sending = state.sending()
        if sending.restore is not None:
            fail(f"a restore to {sending.restore.to.isoformat()} has begun: go on with it, or cancel it")
        chosen = stack_of(context, stack)
        archived_since = max(
            _archived_since(chosen, stack, name) for name in ("EventArchiveArn", "ReportArchiveArn")
        )
        if at < archived_since and not incomplete:
            fail(
                f"events and reports are archived since {archived_since.isoformat()} only: what happened "
                "before is not replayed, and messages may go twice; choose a later time, or add --incomplete"
            )
        table = output_of(chosen, "TableName", stack)
        source = rows or f"{table}-{at:%Y%m%dT%H%M%S}"
        if sending.pause is None or not sending.pause.everything:
            reason = f"the table is being restored to {at.isoformat()}"
            state.pause(Pause(everything=True, reason=reason, by=getpass.getuser(), at=now))
        if rows is None:
            chosen.client("dynamodb").restore_table_to_point_in_time(
                SourceTableName=table,
                TargetTableName=source,
                RestoreDateTime=at,
                GlobalSecondaryIndexOverride=[],
                BillingModeOverride="PAY_PER_REQUEST",
            )
        state.note_restore(Restore(at, now, getpass.getuser(), source))
    _say(
        {"to": at.isoformat(), "rows": source},
        f"everything is paused; the rows of {at.isoformat()} come from the table {source}",
        "outreach restore copy",
        as_json=as_json,
    )


@app.command()
def copy(context: typer.Context, stack: StackName = "outreach", as_json: AsJson = False) -> None:
    """Write the rows of that time into the stack's table. It may be run again."""
    from outreach.adapters.system_clock import SystemClock
    from outreach_tools.operations.restoring.copy_back import CopyBack

    now = SystemClock().now()
    with aws_failures(stack):
        state = sending_state_of(context, stack)
        restore = _under_way(state.sending().restore)
        if now < restore.begun_at + _QUIET:
            fail(f"wait until {(restore.begun_at + _QUIET).isoformat()}: what was being sent ends by then")
        chosen = stack_of(context, stack)
        client = chosen.client("dynamodb")
        status = client.describe_table(TableName=restore.source)["Table"]["TableStatus"]
        if status != "ACTIVE":
            fail(f"the table {restore.source} is {status.lower()}: try again in some minutes")
        target = output_of(chosen, "TableName", stack)
        copied = CopyBack(client=client, source=restore.source, target=target)()
        state.note_restore(replace(restore, copied_at=SystemClock().now(), replays=(), replayed_at=None))
    document = {"written": copied.written, "deleted": copied.deleted, "left": copied.left}
    words = f"{copied.written} rows written, {copied.deleted} deleted, {copied.left} left as they are"
    _say(document, words, "outreach restore replay", as_json=as_json)


@app.command()
def replay(
    context: typer.Context,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Go on although messages wait: a busy queue is never empty.")
    ] = False,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Replay what happened since: events, opt-outs, reports. Run it again until it says that all is done."""
    from outreach.adapters.system_clock import SystemClock
    from outreach_tools.operations.restoring.replays import ReplayFailedError, Replays

    now = SystemClock().now()
    with aws_failures(stack):
        state = sending_state_of(context, stack)
        restore = _under_way(state.sending().restore)
        if restore.copied_at is None:
            fail("the rows are not copied yet: run `outreach restore copy`")
        if now < restore.copied_at + _ARCHIVED_AFTER:
            fail(
                f"wait until {(restore.copied_at + _ARCHIVED_AFTER).isoformat()}: events are archived by then"
            )
        chosen = stack_of(context, stack)
        replays = Replays(events=chosen.client("events"), sqs=chosen.client("sqs"), outputs=chosen.outputs)
        try:
            progress = replays.go_on(
                restore.replays, since=restore.to, now=now, prefix=f"{stack}-restore"[:40], anyway=anyway
            )
        except ReplayFailedError as error:
            state.note_restore(replace(restore, replays=restore.replays[:-1]))
            fail(f"{error}; run this again to start it anew")
        except KeyError as missing:
            fail(f"stack {stack} has no output {missing}: deploy this release first")
        replayed_at = now if progress.is_done else None
        state.note_restore(replace(restore, replays=progress.names, replayed_at=replayed_at))
    command = "outreach restore check" if progress.is_done else "outreach restore replay"
    _say({"done": progress.is_done, "replays": [*progress.names]}, progress.words, command, as_json=as_json)


@app.command()
def check(context: typer.Context, stack: StackName = "outreach", as_json: AsJson = False) -> None:
    """List every message whose outcome is unknown, and what happens to it at the end."""
    with aws_failures(stack):
        restore = _replayed(sending_state_of(context, stack).sending().restore)
        found = list(_completion(context, stack, restore).uncertain())
    if as_json:
        print_json(
            [
                {
                    "customer": each.send.customer_id,
                    "campaign": each.send.campaign,
                    "run": each.send.run,
                    "step": each.send.step,
                    "why": each.why,
                    "outcome": each.outcome,
                }
                for each in found
            ]
        )
        return
    screen = results()
    for each in found:
        line = f"{each.send.customer_id}  {each.send.campaign}, {each.send.step}: {each.why}; {each.outcome}"
        screen.print(line, markup=False)
    for (why, outcome), number in sorted(Counter((each.why, each.outcome) for each in found).items()):
        screen.print(f"{number} x {why}; {outcome}", markup=False)
    screen.print(f"{len(found)} messages are uncertain; next: outreach restore finish")


@app.command()
def finish(context: typer.Context, stack: StackName = "outreach", as_json: AsJson = False) -> None:
    """Decide what is unresolved, and let enrollments advance. Sending stays paused until you resume it."""
    with aws_failures(stack):
        state = sending_state_of(context, stack)
        restore = _replayed(state.sending().restore)
        done = _completion(context, stack, restore).finish()
        state.end_restore()
    document = {"decided": done["decided"], "executions": done["executions"], "rows": restore.source}
    words = (
        f"{done['decided']} uncertain messages decided, {done['executions']} executions begun; "
        f"delete the table {restore.source} once all is well"
    )
    _say(document, words, "outreach sending resume", as_json=as_json)


@app.command()
def cancel(context: typer.Context, stack: StackName = "outreach", as_json: AsJson = False) -> None:
    """End a restore of which no row was copied yet. Sending stays paused until you resume it."""
    with aws_failures(stack):
        state = sending_state_of(context, stack)
        restore = _under_way(state.sending().restore)
        if restore.copied_at is not None:
            fail("rows were copied already: go on with `outreach restore replay`")
        state.end_restore()
    words = f"cancelled; delete the table {restore.source} if it was made for this"
    _say({"rows": restore.source}, words, "outreach sending resume", as_json=as_json)


def _instant(given: str, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        fail("--to: must be an instant with its offset from UTC, such as 2026-03-01T09:30:00Z")
    if at.tzinfo is None:
        fail("--to: has no offset from UTC; write it as 2026-03-01T09:30:00Z")
    if at >= now:
        fail("--to: must lie in the past")
    if at < now - _ARCHIVED_FOR:
        fail("--to: lies more than 35 days back, and what happened since is archived for 35 days")
    return at.astimezone(UTC)


def _archived_since(stack: "Stack", name: str, output: str) -> datetime:
    archive = output_of(stack, output, name).rpartition("/")[2]
    created_at: datetime = stack.client("events").describe_archive(ArchiveName=archive)["CreationTime"]
    return created_at.astimezone(UTC)


def _under_way(restore: "Restore | None") -> "Restore":
    if restore is None:
        fail("no restore has begun: run `outreach restore begin --to INSTANT`")
    return restore


def _replayed(restore: "Restore | None") -> "Restore":
    found = _under_way(restore)
    if found.replayed_at is None:
        fail("not everything was replayed yet: run `outreach restore replay` until it says so")
    return found


def _completion(context: typer.Context, name: str, restore: "Restore") -> "Completion":
    from outreach.adapters.stepfunctions.executions import (
        StepFunctionsExecutions,
    )
    from outreach_tools.cli.template_files import templates_if_any
    from outreach_tools.operations.customer_desk import CustomerDesk
    from outreach_tools.operations.restoring.completion import Completion

    stack = stack_of(context, name)
    desk = CustomerDesk(stack)
    executions = StepFunctionsExecutions(
        stack.client("stepfunctions"),
        state_machine_arn=output_of(stack, "JourneyStateMachineArn", name),
        clock=desk.clock,
    )
    return Completion(
        client=stack.client("dynamodb"),
        name=output_of(stack, "TableName", name),
        table=desk.table,
        campaigns=desk.campaigns(templates_if_any()),
        executions=executions,
        clock=desk.clock,
        restore=restore,
    )


def _say(document: dict[str, Any], words: str, command: str, *, as_json: bool) -> None:
    if as_json:
        print_json({**document, "next": command})
        return
    results().print(words, markup=False)
    results().print(f"next: {command}", markup=False)
