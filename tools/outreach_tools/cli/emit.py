"""`outreach emit`: put one event on the stack's bus, after the same check that intake makes."""

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

if TYPE_CHECKING:
    from outreach.domain.errors import Problem

from outreach_tools.cli.screen import AsJson, fail, notes, print_json, results
from outreach_tools.cli.stack import StackName, aws_failures, output_of, stack_of
from outreach_tools.wiring import Stack

SOURCE = "outreach.command"
"""Events of the source `outreach` are its own announcements, which intake does not read."""


def emit(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the event, such as order.placed.")],
    file: Annotated[
        typer.FileText, typer.Argument(help="File that holds the event's detail as JSON; - reads stdin.")
    ],
    bus: Annotated[
        str | None, typer.Option("--bus", help="Name of the bus, instead of the stack's.", show_default=False)
    ] = None,
    stack: StackName = "outreach",
    source: Annotated[str, typer.Option("--source", help="The producer's name.")] = SOURCE,
    check: Annotated[bool, typer.Option("--check", help="Only say whether intake would take it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put an event on the bus; what intake would refuse is refused here, with every problem.

    A check also says which fields intake would leave out because they are wrong, and whether any campaign
    uses an event of this name. A file without `event_id` and `occurred_at` gets them: the event happens now.
    """
    detail, left_out = _read(file, name)
    if check:
        document = {
            "event": name,
            "event_id": detail["event_id"],
            "emitted": False,
            "left_out": [str(problem) for problem in left_out],
            "unasked": _unasked(name, stack_of(context, stack), stack),
        }
        _answer(document, as_json=as_json)
        return
    if source == "outreach":
        fail("--source: intake does not read events of the source outreach; choose another name")
    chosen = stack_of(context, stack)
    with aws_failures(stack):
        bus_name = bus or output_of(chosen, "BusName", stack)
        entry = {"Source": source, "DetailType": name, "Detail": json.dumps(detail), "EventBusName": bus_name}
        answer = chosen.client("events").put_events(Entries=[entry])
    if answer["FailedEntryCount"]:
        refused = answer["Entries"][0]
        fail(f"the bus refused the event: {refused['ErrorCode']}: {refused['ErrorMessage']}")
    document = {"event": name, "event_id": detail["event_id"], "emitted": True, "bus": bus_name}
    _answer(document, as_json=as_json)


def _read(file: typer.FileText, name: str) -> "tuple[dict[str, Any], list[Problem]]":
    from outreach.adapters.events.event_envelope import read
    from outreach.domain.errors import InvalidEventError

    place = "stdin" if file is sys.stdin else file.name
    try:
        detail = json.load(file)
    except ValueError as error:
        at = f":{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        fail(f"{place}{at}: not JSON; write the event's detail as one JSON object")
    left_out: list[Problem] = []
    now = datetime.now(UTC)
    if isinstance(detail, dict) and not {"event_id", "occurred_at"} & detail.keys():
        detail |= {"event_id": f"manual-{uuid4()}", "occurred_at": now.isoformat()}
    try:
        read(name, detail, now=now, on_left_out=left_out.append)
    except InvalidEventError as invalid:
        fail(f"{place}: {problem}" for problem in invalid.problems)
    checked: dict[str, Any] = detail
    return checked, left_out


def _unasked(name: str, chosen: Stack, stack_name: str) -> str | None:
    """What to say of a name that no campaign uses. A stack that cannot be reached is only noted."""
    from botocore.exceptions import BotoCoreError, ClientError

    from outreach.domain.intake.event_names import unasked_name
    from outreach_tools.cli.template_files import NoCampaignError, find_templates
    from outreach_tools.operations.asked_names import asked_by_folder, asked_by_stack

    try:
        asked = asked_by_folder(find_templates(None))
    except NoCampaignError:
        asked = asked_by_folder(None)
    if name in asked:
        return None
    try:
        asked |= asked_by_stack(chosen)
    except (BotoCoreError, ClientError, KeyError) as error:
        kind = type(error).__name__
        notes().print(f"what is published on stack {stack_name} is not known ({kind})", markup=False)
    return unasked_name(name, asked)


def _answer(document: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(document)
    elif document["emitted"]:
        results().print(f"{document['event']} {document['event_id']} is on {document['bus']}")
    else:
        results().print(f"{document['event']} {document['event_id']} is sound; it was not put on the bus")
        for problem in document["left_out"]:
            results().print(f"left out, as if not mentioned: {problem}", markup=False)
        if document["unasked"] is not None:
            results().print(document["unasked"], markup=False)
