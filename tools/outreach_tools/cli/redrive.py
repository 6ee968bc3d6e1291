"""`outreach redrive`: send refused events back once the cause is corrected, or drop them."""

import getpass
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_tools.cli.screen import AsJson, fail, print_json, progress, results
from outreach_tools.cli.stack import StackName, aws_failures, output_of, stack_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from outreach_tools.operations.redrive import DeadLetter
    from outreach_tools.operations.refused_again import CameBack

_EVENTS = ("DeadLetterQueueUrl", "IntakeQueueUrl")
_FEEDBACK = ("FeedbackDeadLetterQueueUrl", "FeedbackQueueUrl")
"""Outputs of the stack: the dead-letter queue, and the queue to send to."""
_WAIT_SECONDS = 15.0

Feedback = Annotated[
    bool, typer.Option("--feedback", help="What SES reported, instead of events of the shop.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what lies there, and why.")]
Each = Annotated[
    bool, typer.Option("--each", help="A line for each: its id, name, source and time, and the reason.")
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="ID", help="Send back only these.", show_default=False),
]
Drop = Annotated[
    list[str] | None,
    typer.Option("--drop", metavar="ID", help="Delete these; needs --reason.", show_default=False),
]
DropAll = Annotated[bool, typer.Option("--drop-all", help="Delete all that lie there; needs --reason.")]
Reason = Annotated[
    str | None,
    typer.Option("--reason", help="Why they are dropped; it is kept on record.", show_default=False),
]
WasDropped = Annotated[bool, typer.Option("--dropped", help="Show what was dropped, why and by whom.")]
Wait = Annotated[
    float,
    typer.Option("--wait", min=0, max=900, help="Seconds to wait at most before saying what came back."),
]


def redrive(
    context: typer.Context,
    stack: StackName = "outreach",
    feedback: Feedback = False,
    dry_run: DryRun = False,
    each: Each = False,
    only: Only = None,
    drop: Drop = None,
    drop_all: DropAll = False,
    reason: Reason = None,
    dropped: WasDropped = False,
    wait: Wait = _WAIT_SECONDS,
    as_json: AsJson = False,
) -> None:
    """Send the events in the dead-letter queue back to intake, and say which of them came back.

    Each event is sent before it is deleted, so that none is lost. One that is sent twice is recognized by its
    id. An ID is the event's id as shown, or SQS's id of the message.
    """
    from outreach_tools.operations.dropped_events import DroppedEvents
    from outreach_tools.operations.redrive import dead_letters
    from outreach_tools.operations.refused_again import came_back

    named, drops = _named(only, drop, drop_all=drop_all, reason=reason)
    chosen = stack_of(context, stack)
    back: CameBack | None = None
    with aws_failures(stack), progress() as bar:
        record = DroppedEvents(chosen.client("dynamodb"), output_of(chosen, "TableName", stack))
        if dropped:
            _show_dropped(record, as_json=as_json)
            return
        outputs = _FEEDBACK if feedback else _EVENTS
        dead, alive = (output_of(chosen, name, stack) for name in outputs)
        sqs = chosen.client("sqs")
        queue = dead_letters(sqs, dead)

        def is_meant(dead_letter: "DeadLetter") -> bool:
            return not named or not dead_letter.ids.isdisjoint(named)

        def write_down(dead_letter: "DeadLetter") -> None:
            record.record(dead_letter, why=reason or "", by=getpass.getuser(), now=datetime.now(UTC))

        task = bar.add_task("Dead letters", total=queue.about_how_many())
        work: Iterator[DeadLetter]
        if dry_run:
            work = (dead_letter for dead_letter in queue.look() if is_meant(dead_letter))
        else:
            work = queue.drop(is_meant, write_down) if drops else queue.send_back(alive, is_meant)
        found = []
        for dead_letter in work:
            found.append(dead_letter)
            bar.advance(task)
        if not (dry_run or drops):
            back = came_back(sqs, found, queue_url=alive, dead_url=dead, seconds=wait)
    missing = sorted(name for name in named if not any(name in dead_letter.ids for dead_letter in found))
    done = "found" if dry_run else "dropped" if drops else "redriven"
    if as_json:
        print_json(_document(found, back, done, missing))
    else:
        what = "reports" if feedback else "events"
        _print(found, back, done, what, each=each or bool(named))
    if missing:
        fail(f"{name} does not lie in the dead-letter queue" for name in missing)


def _named(
    only: list[str] | None, drop: list[str] | None, *, drop_all: bool, reason: str | None
) -> tuple[frozenset[str], bool]:
    """The ids that are meant (none: all), and whether they are dropped."""
    if sum((bool(only), bool(drop), drop_all)) > 1:
        fail("--only, --drop and --drop-all exclude each other; give one of them")
    drops = bool(drop) or drop_all
    if drops and not (reason or "").strip():
        fail("--reason is missing: what is dropped is gone, and why is kept on record")
    if reason is not None and not drops:
        fail("--reason belongs to --drop or --drop-all")
    return frozenset(only or drop or ()), drops


def _document(
    found: "Sequence[DeadLetter]", back: "CameBack | None", done: str, missing: list[str]
) -> dict[str, Any]:
    document: dict[str, Any] = {
        "redriven": len(found) if done == "redriven" else 0,
        "dropped": len(found) if done == "dropped" else 0,
        "found": len(found),
        "reasons": Counter(dead_letter.reason for dead_letter in found),
        "events": [
            {
                "id": dead_letter.shown_id,
                "message_id": dead_letter.message_id,
                "event_id": dead_letter.heading.event_id,
                "name": dead_letter.heading.name,
                "source": dead_letter.heading.source,
                "time": dead_letter.heading.time,
                "reason": dead_letter.reason,
            }
            for dead_letter in found
        ],
        "missing": missing,
    }
    if back is not None:
        document["came_back"] = {
            "total": back.total,
            "same_reason": back.same_reason,
            "other_reasons": back.other_reasons,
            "still_in_queue": back.still_waiting,
        }
    return document


def _print(
    found: "Sequence[DeadLetter]", back: "CameBack | None", done: str, what: str, *, each: bool
) -> None:
    screen = results()
    for dead_letter in found if each else ():
        heading = dead_letter.heading
        parts = (
            dead_letter.shown_id,
            heading.name or "-",
            heading.source or "-",
            heading.time or "-",
            dead_letter.reason,
        )
        screen.print("  ".join(parts), markup=False)
    if not each:
        for why, count in sorted(Counter(dead_letter.reason for dead_letter in found).items()):
            screen.print(f"{count} x {why}", markup=False)
    if back is not None:
        if back.same_reason:
            screen.print(f"{back.same_reason} came back with the same reason")
        for why, count in sorted(back.other_reasons.items()):
            screen.print(f"{count} came back with another reason: {why}", markup=False)
        if back.still_waiting:
            screen.print(f"{back.still_waiting} are still in the queue; look again with --dry-run")
    said = {
        "found": "lie in the dead-letter queue",
        "dropped": "dropped; `outreach redrive --dropped` shows the record",
        "redriven": "sent back to intake",
    }
    screen.print(f"{len(found)} {what} {said[done]}")


def _show_dropped(record: Any, *, as_json: bool) -> None:
    entries = record.all()
    if as_json:
        print_json(
            [
                {
                    "id": each.id,
                    "name": each.name,
                    "source": each.source,
                    "refused_because": each.refused_because,
                    "reason": each.why,
                    "by": each.by,
                    "at": each.at.isoformat(),
                }
                for each in entries
            ]
        )
        return
    screen = results()
    for each in entries:
        line = f"{each.at.isoformat()}  {each.id}  {each.name}  by {each.by}: {each.why}"
        screen.print(f"{line} (refused: {each.refused_because})", markup=False)
    screen.print(f"{len(entries)} dropped within 400 days")
