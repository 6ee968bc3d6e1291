"""`outreach sends`: messages that did not go, and another chance for them."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_tools.cli.screen import AsJson, fail, print_json, results
from outreach_tools.cli.stack import StackName, aws_failures, output_of, stack_of
from outreach_tools.cli.template_files import NoCampaign, find_templates

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.usecases.retry_send import RetrySend
    from outreach_tools.retrying import Ended

app = typer.Typer(help="Messages that did not go: retry them.", no_args_is_help=True)


@app.callback()
def sends() -> None:
    """Keep `retry` a command of its own, even while it is the only one."""


@app.command()
def retry(
    context: typer.Context,
    campaign: Annotated[str, typer.Option("--campaign", help="Name of the campaign.")],
    failed: Annotated[bool, typer.Option("--failed", help="Those that SES or rendering refused.")] = False,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="Those that nobody knows of: they may come twice.")
    ] = False,
    no_address: Annotated[
        bool, typer.Option("--no-address", help="Those that waited for an address in vain.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Try messages again that ended without going. It looks through the whole table.

    They go as any message does: after the gate was asked anew, in their turn, once.
    """
    from outreach.domain.sends import SendStatus  # noqa: PLC0415 - with what it needs
    from outreach_tools.retrying import ended_sends  # noqa: PLC0415 - loads botocore

    wanted = {SendStatus.FAILED: failed, SendStatus.UNKNOWN: unknown}
    statuses = frozenset(status for status, is_wanted in wanted.items() if is_wanted)
    if not statuses and not no_address:
        fail("say which to retry: --failed, --unknown, --no-address, or several of them")
    with aws_failures(stack):
        chosen = stack_of(context, stack)
        table = output_of(chosen, "TableName", stack)
        client = chosen.client("dynamodb")
        found = list(ended_sends(client, table, campaign, statuses, no_address=no_address))
        if not found:
            _require_campaign(client, table, campaign)
        outcomes = [_outcome(context, stack, each, dry_run=dry_run) for each in found]
    told = [_document(each, outcome) for each, outcome in zip(found, outcomes, strict=True)]
    if as_json:
        print_json(told)
        return
    screen = results()
    for each in told:
        screen.print(f"{each['customer']}  {each['message']}: {each['why']}; {each['outcome']}", markup=False)
    counted = Counter(outcomes)
    words = ", ".join(f"{number} {outcome}" for outcome, number in sorted(counted.items()))
    screen.print(words or f"nothing to retry in {campaign}")


def _require_campaign(client: "DynamoDBClient", table: str, name: str) -> None:
    """Fail, with the nearest name, for a campaign that neither the folder nor the table knows."""
    from outreach.adapters.nearest import did_you_mean  # noqa: PLC0415 - with what it needs
    from outreach_tools.publishing.draft import campaign_names  # noqa: PLC0415 - loads botocore
    from outreach_tools.retrying import enrolled_campaigns  # noqa: PLC0415 - with the above

    try:
        known = {*campaign_names(find_templates(None))}
    except NoCampaign:
        known = set()
    if name not in known and name not in (known := known | enrolled_campaigns(client, table)):
        fail(f"--campaign: there is no campaign {name}; {did_you_mean(name, known)}")


def _outcome(context: typer.Context, stack: str, ended: "Ended", *, dry_run: bool) -> str:
    from outreach.domain.errors import Conflict  # noqa: PLC0415 - with what it needs

    if not ended.may_be_retried:
        return "too late"
    if dry_run:
        return "would be retried"
    try:
        _retry_send(context, stack)(ended.enrollment, ended.step)
    except Conflict:
        return "changed meanwhile"
    return "retried"


def _retry_send(context: typer.Context, name: str) -> "RetrySend":
    from outreach.adapters.dynamodb import DynamoTable  # noqa: PLC0415 - loads botocore
    from outreach.adapters.stepfunctions_executions import (  # noqa: PLC0415 - with the above
        StepFunctionsExecutions,
    )
    from outreach.adapters.system_clock import SystemClock  # noqa: PLC0415 - with the above
    from outreach.usecases.retry_send import RetrySend  # noqa: PLC0415 - with the above

    stack = stack_of(context, name)
    shards = int(output_of(stack, "DueShards", name))
    table = DynamoTable(stack.client("dynamodb"), output_of(stack, "TableName", name), shards=shards)
    executions = StepFunctionsExecutions(
        stack.client("stepfunctions"),
        state_machine_arn=output_of(stack, "JourneyStateMachineArn", name),
        clock=SystemClock(),
    )
    return RetrySend(
        ledger=table.ledger, enrollments=table.enrollments, executions=executions, clock=SystemClock()
    )


def _document(ended: "Ended", outcome: str) -> dict[str, Any]:
    ids, send = ended.enrollment.id, ended.send
    return {
        "customer": ids.customer_id,
        "key": ended.enrollment.key_value or ids.key,
        "step": ended.step,
        "message": ended.step if send is None else send.message,
        "status": "skipped" if send is None else str(send.status),
        "why": str(ended.enrollment.skips[ended.step].reason) if send is None else send.reason,
        "outcome": outcome,
    }
