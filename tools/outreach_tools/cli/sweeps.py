"""`outreach sweeps`: what the daily sweeps did, and whether their counts add up; and starting one now."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_tools.cli.campaigns.known import require_known_campaign
from outreach_tools.cli.screen import AsJson, print_json, results
from outreach_tools.cli.stack import StackName, aws_failures, stack_of
from outreach_tools.cli.template_files import TemplatesOption
from outreach_tools.cli.wake_campaigns import wake_campaigns

if TYPE_CHECKING:
    from outreach.domain.sweeps.counts import SweepReport

app = typer.Typer(help="Sweeps: what they did, and starting one now.", invoke_without_command=True)


@app.callback()
def sweeps(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=1, max=90, help="How far to look back.")] = 7,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Show the outcome of everything that sweeps found due, campaign by campaign."""
    if context.invoked_subcommand is not None:
        return
    from outreach_tools.wiring import for_stack

    with aws_failures(stack):
        adapters = for_stack(stack_of(context, stack))
        reports = list(adapters.sweep_log.reports(adapters.clock.now() - timedelta(days=days)))
    if as_json:
        print_json([_document(report) for report in reports])
        return
    screen = results()
    for report in reports:
        screen.print(_words(report), markup=False)
    if not reports:
        screen.print(f"no sweep found anything due in the last {days} days")


@app.command()
def start(
    context: typer.Context,
    campaign: Annotated[
        str | None, typer.Argument(help="Name of the campaign. Default: all.", show_default=False)
    ] = None,
    templates: TemplatesOption = None,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Sweep within a minute what is due: for example after a sweep that failed.

    One sweeper at a time works through a campaign. A second call within the same minute starts none.
    """
    with aws_failures(stack):
        if campaign is not None:
            require_known_campaign(context, stack, campaign, templates)
        name = wake_campaigns(stack_of(context, stack), campaign)
    if as_json:
        print_json({"campaign": campaign, "execution": name})
        return
    what = "all campaigns" if campaign is None else campaign
    results().print(f"a sweep of {what} goes on as the execution {name}; `outreach sweeps` says what it did")


def _document(report: "SweepReport") -> dict[str, Any]:
    return {
        "sweep": report.sweep.isoformat(),
        "campaign": report.campaign,
        **report.counts.numbers(),
        "missing": report.counts.missing,
        "calls": report.calls,
        "silent_calls": report.silent_calls,
        "adds_up": report.adds_up,
    }


def _words(report: "SweepReport") -> str:
    parts = [f"{number} {name.replace('_', ' ')}" for name, number in report.counts.numbers().items()]
    due, *outcomes = parts
    sum_of = " + ".join(each for each in outcomes if not each.startswith("0 ")) or "0 sent"
    words = f"{report.sweep:%Y-%m-%d %H:%M}Z  {report.campaign}: {due} = {sum_of}"
    if report.counts.missing:
        words += f"; {report.counts.missing} missing"
    if report.silent_calls:
        words += f"; {report.silent_calls} of {report.calls} calls have not said what they did"
    return words
