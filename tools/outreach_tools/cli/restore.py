"""`outreach restore`: bring the table back to an earlier time, step by step, without a message twice."""

import getpass
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_tools.cli.screen import AsJson, fail, print_json, results
from outreach_tools.cli.stack import StackName, aws_failures, stack_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach_tools.operations.restoring.restore import TableRestore

app = typer.Typer(
    help="Bring the table back to an earlier time: begin, copy, replay, check, finish.", no_args_is_help=True
)


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
    with _restore_of(context, stack) as restore:
        begun = restore.begin(to, by=getpass.getuser(), rows=rows, incomplete=incomplete)
    at = begun.to.isoformat()
    words = f"everything is paused; the rows of {at} come from the table {begun.source}"
    _say({"to": at, "rows": begun.source}, words, "outreach restore copy", as_json=as_json)


@app.command()
def copy(context: typer.Context, stack: StackName = "outreach", as_json: AsJson = False) -> None:
    """Write the rows of that time into the stack's table. It may be run again."""
    with _restore_of(context, stack) as restore:
        copied = restore.copy()
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
    with _restore_of(context, stack) as restore:
        progress = restore.replay(anyway=anyway)
    command = "outreach restore check" if progress.is_done else "outreach restore replay"
    _say({"done": progress.is_done, "replays": [*progress.names]}, progress.words, command, as_json=as_json)


@app.command()
def check(context: typer.Context, stack: StackName = "outreach", as_json: AsJson = False) -> None:
    """List every message whose outcome is unknown, and what happens to it at the end."""
    from outreach_tools.cli.template_files import templates_if_any

    with _restore_of(context, stack) as restore:
        found = restore.uncertain(templates_if_any())
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
    from outreach_tools.cli.template_files import templates_if_any

    with _restore_of(context, stack) as restore:
        ended, done = restore.finish(templates_if_any())
    document = {"decided": done["decided"], "executions": done["executions"], "rows": ended.source}
    words = (
        f"{done['decided']} uncertain messages decided, {done['executions']} executions begun; "
        f"delete the table {ended.source} once all is well"
    )
    _say(document, words, "outreach sending resume", as_json=as_json)


@app.command()
def cancel(context: typer.Context, stack: StackName = "outreach", as_json: AsJson = False) -> None:
    """End a restore of which no row was copied yet. Sending stays paused until you resume it."""
    with _restore_of(context, stack) as restore:
        ended = restore.cancel()
    words = f"cancelled; delete the table {ended.source} if it was made for this"
    _say({"rows": ended.source}, words, "outreach sending resume", as_json=as_json)


@contextmanager
def _restore_of(context: typer.Context, stack: str) -> "Iterator[TableRestore]":
    """The steps of a stack's restore; one that cannot be taken now fails the command."""
    from outreach_tools.operations.restoring.restore import RestoreStepError, TableRestore
    from outreach_tools.wiring import for_stack

    with aws_failures(stack):
        try:
            yield TableRestore(for_stack(stack_of(context, stack)), stack)
        except RestoreStepError as error:
            fail(str(error))


def _say(document: dict[str, Any], words: str, command: str, *, as_json: bool) -> None:
    if as_json:
        print_json({**document, "next": command})
        return
    results().print(words, markup=False)
    results().print(f"next: {command}", markup=False)
