"""`outreach journeys`: whether every active enrollment has a running execution."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_tools.cli.screen import AsJson, print_json, results
from outreach_tools.cli.stack import StackName, aws_failures, stack_of

if TYPE_CHECKING:
    from outreach.domain.journeys.enrollment import Enrollment
    from outreach_tools.operations.stuck_enrollments import StuckEnrollments
    from outreach_tools.wiring import Stack

app = typer.Typer(help="Active journeys: check that each has a running execution.", no_args_is_help=True)


@app.callback()
def journeys() -> None:
    """Keep `check` a command of its own, even while it is the only one."""


@app.command()
def check(
    context: typer.Context,
    begin_again: Annotated[
        bool, typer.Option("--begin-again", help="Start an execution for each that has none.")
    ] = False,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Find journeys without a running execution. It reads the whole table.

    A restarted journey goes on where it stands; messages that were sent are not sent again.
    """
    with aws_failures(stack):
        stuck = _stuck_enrollments(stack_of(context, stack))
        found = list(stuck.find())
        told = [_document(each, _outcome(stuck, each, begin_again=begin_again)) for each in found]
    if as_json:
        print_json(told)
        return
    screen = results()
    for each in told:
        words = f"{each['customer']}  {each['campaign']}, at {each['step']}: {each['outcome']}"
        screen.print(words, markup=False)
    counted = Counter(each["outcome"] for each in told)
    words = ", ".join(f"{number} {name}" for name, number in counted.items())
    screen.print(words or "every active journey has a running execution")
    if told and not begin_again:
        screen.print("`outreach journeys check --begin-again` starts an execution for each")


def _stuck_enrollments(stack: "Stack") -> "StuckEnrollments":
    from outreach_tools.operations.stuck_enrollments import StuckEnrollments
    from outreach_tools.wiring import for_stack

    adapters = for_stack(stack)
    return StuckEnrollments(
        dynamodb=adapters.dynamodb,
        table=adapters.table_name,
        enrollments=adapters.table.enrollments,
        executions=adapters.executions,
        clock=adapters.clock,
    )


def _outcome(stuck: "StuckEnrollments", enrollment: "Enrollment", *, begin_again: bool) -> str:
    if not begin_again:
        return "not carried"
    return "begun again" if stuck.begin_again(enrollment) else "restarted by another process"


def _document(enrollment: "Enrollment", outcome: str) -> dict[str, Any]:
    ids = enrollment.id
    return {
        "customer": ids.customer_id,
        "campaign": ids.campaign,
        "key": enrollment.key_value or ids.key,
        "step": enrollment.step,
        "since": enrollment.started_at.isoformat(),
        "outcome": outcome,
    }
