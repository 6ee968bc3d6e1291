"""`outreach sends`: messages that ended unsent, and their retry."""

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from outreach_tools.cli.screen import AsJson, fail, print_json, results
from outreach_tools.cli.stack import StackName, aws_failures, output_of, stack_of
from outreach_tools.cli.template_files import NoCampaignError, find_templates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.domain.operations.send_retries import Wanted
    from outreach_tools.cli.sends.words import Told
    from outreach_tools.operations.run_repair import Repair
    from outreach_tools.operations.send_retries import UnsentRun

app = typer.Typer(help="Messages that did not go: retry them.", no_args_is_help=True)


class Skipped(StrEnum):
    """Reasons that the customer or the campaign did not ask for."""

    NO_ADDRESS = "no_address"
    EXPRESSION_FAILED = "expression_failed"
    EXPIRED = "expired"
    TOO_LATE = "too_late"
    RENDER_FAILED = "render_failed"


@app.callback()
def sends() -> None:
    """Keep `retry` a command of its own, even while it is the only one."""


@app.command()
def retry(
    context: typer.Context,
    campaign: Annotated[
        str | None,
        typer.Option("--campaign", help="Name of the campaign. Default: all.", show_default=False),
    ] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Those that SES or rendering refused.")] = False,
    unknown: Annotated[
        bool,
        typer.Option("--unknown", help="Those that may have been sent: customers may get them twice."),
    ] = False,
    skipped: Annotated[
        list[Skipped] | None,
        typer.Option(
            "--skipped",
            help=f"Those that ended so: {', '.join(Skipped)} (too_late means expired). May be repeated.",
            metavar="REASON",
            show_default=False,
        ),
    ] = None,
    no_address: Annotated[
        bool, typer.Option("--no-address", help="The same as --skipped no_address.")
    ] = False,
    also_too_late: Annotated[
        bool, typer.Option("--also-too-late", help="Those too after which a later message was sent.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Retry messages that ended unsent. It reads the whole table.

    They are sent as any message is: the gate judges them anew, and each is sent once.
    """
    from outreach_tools.operations.send_retries import unsent_runs

    reasons = {*(skipped or ()), *([Skipped.NO_ADDRESS] if no_address else ())}
    wanted = _wanted(failed=failed, unknown=unknown, reasons=reasons)
    with aws_failures(stack):
        chosen = stack_of(context, stack)
        client, table = chosen.client("dynamodb"), output_of(chosen, "TableName", stack)
        found = list(unsent_runs(client, table, wanted, campaign=campaign))
        if not found and campaign is not None:
            _require_campaign(client, table, campaign)
        if not also_too_late and not dry_run and not as_json and sys.stdin.isatty():
            also_too_late = _ask(found)
        repair = None if dry_run else _repair(context, stack)
        told = list(_outcomes(found, repair, also_too_late=also_too_late))
    if as_json:
        print_json([each.document() for each in told])
        return
    _print(told, campaign)


def _wanted(*, failed: bool, unknown: bool, reasons: "set[Skipped]") -> "Wanted":
    from outreach.domain.journeys.enrollment import SkipReason
    from outreach.domain.operations.send_retries import Wanted
    from outreach.domain.sending.send import SendStatus

    if not (failed or unknown or reasons):
        fail("say which to retry: --failed, --unknown, --skipped REASON, or several of them")
    statuses = {SendStatus.FAILED: failed, SendStatus.UNKNOWN: unknown}
    names = {"expired" if each is Skipped.TOO_LATE else str(each) for each in reasons}
    return Wanted(
        statuses=frozenset(status for status, is_wanted in statuses.items() if is_wanted),
        failures=frozenset(names & {Skipped.RENDER_FAILED}),
        skips=frozenset(SkipReason(name) for name in names - {Skipped.RENDER_FAILED}),
    )


def _ask(found: "Sequence[UnsentRun]") -> bool:
    """Offer on a terminal the messages that are too late, by name."""
    from outreach_tools.cli.sends.words import groups, tell

    late = [
        tell(run, message, "too late")
        for run in found
        for message in run.messages
        if message.too_late is not None and message.too_late.may_be_sent
    ]
    if not late:
        return False
    for line in groups(late):
        results().print(line, markup=False)
    return typer.confirm(f"Send what is too late all the same ({len(late)})?")


def _outcomes(
    found: "Sequence[UnsentRun]", repair: "Repair | None", *, also_too_late: bool
) -> "Iterator[Told]":
    from outreach_tools.cli.sends.words import tell

    for run in found:
        goes = [
            message
            for message in run.messages
            if message.too_late is None or (also_too_late and message.too_late.may_be_sent)
        ]
        outcome = "would be retried"
        if goes and repair is not None:
            outcome = "retried" if repair(run.enrollment, goes) else "changed meanwhile"
        for message in run.messages:
            yield tell(run, message, outcome if message in goes else "too late")


def _print(told: "Sequence[Told]", campaign: str | None) -> None:
    from outreach_tools.cli.sends.words import groups, summary

    screen = results()
    for each in told:
        screen.print(each.line(with_campaign=campaign is None), markup=False)
    screen.print(summary(told) or f"nothing to retry in {campaign or 'any campaign'}", markup=False)
    for line in groups([each for each in told if each.outcome == "too late"]):
        screen.print(line, markup=False)
    if any(each.outcome == "too late" and each.may_be_sent for each in told):
        screen.print("--also-too-late sends those after which a later message was sent", markup=False)


def _require_campaign(client: "DynamoDBClient", table: str, name: str) -> None:
    """Fail, with the nearest name, for a campaign that neither the folder nor the table knows."""
    from outreach.adapters.validation.suggest import did_you_mean
    from outreach_tools.operations.send_retries import enrolled_campaigns
    from outreach_tools.publishing.draft import campaign_names

    try:
        known = {*campaign_names(find_templates(None))}
    except NoCampaignError:
        known = set()
    if name not in known and name not in (known := known | enrolled_campaigns(client, table)):
        fail(f"--campaign: there is no campaign {name}; {did_you_mean(name, known)}")


def _repair(context: typer.Context, name: str) -> "Repair":
    from outreach_tools.cli.templates.options import published_versions_of
    from outreach_tools.operations.run_repair import Repair

    return Repair.of(stack_of(context, name), published_versions_of(context, name))
