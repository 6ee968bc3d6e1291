"""`outreach sweeps`: what the daily sweeps did, and whether their numbers add up."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_tools.cli.screen import AsJson, print_json, results
from outreach_tools.cli.stack import StackName, aws_failures, output_of, stack_of

if TYPE_CHECKING:
    from outreach.domain.sweep import SweepReport


def sweeps(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=1, max=90, help="How far to look back.")] = 7,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Say what became of everything that sweeps found due, campaign by campaign."""
    from outreach.adapters.dynamodb.sweep_book import DynamoSweepBook  # noqa: PLC0415 - loads botocore
    from outreach.adapters.system_clock import SystemClock  # noqa: PLC0415 - with the above

    with aws_failures(stack):
        chosen = stack_of(context, stack)
        book = DynamoSweepBook(chosen.client("dynamodb"), output_of(chosen, "TableName", stack))
        reports = list(book.reports(SystemClock().now() - timedelta(days=days)))
    if as_json:
        print_json([_document(report) for report in reports])
        return
    screen = results()
    for report in reports:
        screen.print(_words(report), markup=False)
    if not reports:
        screen.print(f"no sweep found anything due in the last {days} days")


def _document(report: "SweepReport") -> dict[str, Any]:
    return {
        "sweep": report.sweep.isoformat(),
        "campaign": report.campaign,
        **report.balance.numbers(),
        "missing": report.balance.missing,
        "calls": report.calls,
        "silent_calls": report.silent_calls,
        "adds_up": report.adds_up,
    }


def _words(report: "SweepReport") -> str:
    parts = [f"{number} {name.replace('_', ' ')}" for name, number in report.balance.numbers().items()]
    due, *outcomes = parts
    sum_of = " + ".join(each for each in outcomes if not each.startswith("0 ")) or "0 sent"
    words = f"{report.sweep:%Y-%m-%d %H:%M}Z  {report.campaign}: {due} = {sum_of}"
    if report.balance.missing:
        words += f"; {report.balance.missing} missing"
    if report.silent_calls:
        words += f"; {report.silent_calls} of {report.calls} calls have not said what they did"
    return words
