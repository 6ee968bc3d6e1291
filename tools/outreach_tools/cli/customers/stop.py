"""`outreach customers stop` and `allow`: end a customer's runs, keep them out, let them in again."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach.domain.operations.customer_stops import ALL_CAMPAIGNS
from outreach_tools.cli.campaigns.known import require_known_campaign
from outreach_tools.cli.customers.desk import desk_of, failures
from outreach_tools.cli.customers.words import (
    stop_document,
    stop_lines,
)
from outreach_tools.cli.screen import AsJson, print_json, results
from outreach_tools.cli.stack import StackName
from outreach_tools.cli.template_files import TemplatesOption

if TYPE_CHECKING:
    from outreach.domain.intake.customer import Customer
    from outreach_tools.operations.customer_desk import CustomerDesk

CustomerId = Annotated[str, typer.Argument(help="The shop's id of the customer.", metavar="ID")]
OneCampaign = Annotated[
    str | None, typer.Argument(help="Only in this campaign. Default: in all.", show_default=False)
]


def stop(
    context: typer.Context,
    customer_id: CustomerId,
    campaign: OneCampaign = None,
    templates: TemplatesOption = None,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """End a customer's runs and keep them out until `outreach customers allow`.

    Without a campaign every run ends, those of transactional campaigns too: no order mail goes either.
    """
    with failures(stack):
        desk = desk_of(context, stack)
        _require(context, stack, desk, customer_id, campaign, templates)
        stopped = desk.stop()(customer_id, campaign or ALL_CAMPAIGNS, by=getpass.getuser())
    ended = f"{len(stopped.ended)} run{'' if len(stopped.ended) == 1 else 's'}"
    where = f"in {campaign}" if campaign else "in every campaign, transactional ones too"
    _print(
        stopped.customer,
        [
            f"{customer_id} is stopped {where}; {ended} ended",
            *(f"  {each.id.campaign}, at {each.step}" for each in stopped.ended),
        ],
        {"ended": [{"campaign": each.id.campaign, "key": each.id.key} for each in stopped.ended]},
        as_json=as_json,
    )


def allow(
    context: typer.Context,
    customer_id: CustomerId,
    campaign: OneCampaign = None,
    templates: TemplatesOption = None,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """End a stop; without a campaign, every stop of the customer.

    Runs that were ended stay so: the next event that enrolls the customer begins a new one.
    """
    with failures(stack):
        desk = desk_of(context, stack)
        _require(context, stack, desk, customer_id, campaign, templates)
        before = desk.table.customers.customer(customer_id)
        after = desk.allow(customer_id, campaign or ALL_CAMPAIGNS, by=getpass.getuser())
    where = f" in {campaign}" if campaign else ""
    unchanged = [f"{customer_id} was not stopped{where}"] if before.stops == after.stops else []
    _print(after, unchanged, {}, as_json=as_json)


def _print(customer: "Customer", lines: list[str], document: dict[str, Any], *, as_json: bool) -> None:
    """What was done, and the stops that hold now."""
    if as_json:
        print_json({**stop_document(customer), **document})
        return
    for line in (*lines, *stop_lines(customer)):
        results().print(line, markup=False)


def _require(
    context: typer.Context,
    stack: str,
    desk: "CustomerDesk",
    customer_id: str,
    campaign: str | None,
    templates: Path | None,
) -> None:
    if campaign is not None:
        stops = desk.table.customers.customer(customer_id).stops
        runs = desk.table.enrollments.of_customer(customer_id)
        also = {*stops, *(each.campaign for each in runs)}
        require_known_campaign(context, stack, campaign, templates, also=also)
