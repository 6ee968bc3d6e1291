"""`outreach customers`: look a customer up, stop one, allow one again."""

import getpass
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_tools.cli.customer_words import (
    address_document,
    address_lines,
    customer_document,
    customer_lines,
    stop_document,
    stop_lines,
)
from outreach_tools.cli.known_campaigns import require_known_campaign
from outreach_tools.cli.screen import AsJson, fail, print_json, results
from outreach_tools.cli.stack import StackName, aws_failures, stack_of
from outreach_tools.cli.template_files import NoCampaignError, TemplatesOption, find_templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.usecases.operations.show_customer import CustomerReport
    from outreach_tools.operations.customer_desk import CustomerDesk

app = typer.Typer(help="One customer: look up, stop, allow again.", no_args_is_help=True)

CustomerId = Annotated[str, typer.Argument(help="The shop's id of the customer.", metavar="ID")]
OneCampaign = Annotated[
    str | None, typer.Argument(help="Only in this campaign. Default: in all.", show_default=False)
]


@app.command()
def show(
    context: typer.Context,
    who: Annotated[
        str, typer.Argument(help="The shop's id of the customer, or an address.", metavar="ID|ADDRESS")
    ],
    templates: TemplatesOption = None,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Show a customer: consent, address, what they got or did not get and why, and what is next."""
    with _failures(stack):
        desk = _desk(context, stack)
        known, ids = _named(desk, who)
        reports = [_report(desk, each, templates) for each in ids]
        found = [each for each in reports if each is not None]
    if not found and (known is None or known.version == 0):
        fail(f"no customer has the id {who}" if known is None else "no customer has this address")
    if as_json:
        address = None if known is None else address_document(known)
        print_json({"address": address, "customers": [customer_document(each) for each in found]})
        return
    screen = results()
    lines = [] if known is None else list(address_lines(known, ids))
    for each in found:
        lines += [*([""] if lines else []), *customer_lines(each)]
    for line in lines:
        screen.print(line, markup=False)


@app.command()
def stop(
    context: typer.Context,
    customer_id: CustomerId,
    campaign: OneCampaign = None,
    templates: TemplatesOption = None,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """End a customer's runs and enroll them no more until `outreach customers allow`.

    Without a campaign every run ends, those of transactional campaigns too: no order mail is sent either.
    """
    from outreach.domain.operations.customer_stops import ALL_CAMPAIGNS

    with _failures(stack):
        desk = _desk(context, stack)
        _require(context, stack, desk, customer_id, campaign, templates)
        stopped = desk.stop()(customer_id, campaign or ALL_CAMPAIGNS, by=getpass.getuser())
    if as_json:
        print_json({**stop_document(stopped.customer), "ended": [_ended(each.id) for each in stopped.ended]})
        return
    screen = results()
    ended = f"{len(stopped.ended)} run{'' if len(stopped.ended) == 1 else 's'}"
    where = f"in {campaign}" if campaign else "in every campaign, transactional ones too"
    screen.print(f"{customer_id} is stopped {where}; {ended} ended", markup=False)
    for each in stopped.ended:
        screen.print(f"  {each.id.campaign}, at {each.step}", markup=False)
    for line in stop_lines(stopped.customer):
        screen.print(line, markup=False)


@app.command()
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
    from outreach.domain.operations.customer_stops import ALL_CAMPAIGNS
    from outreach.usecases.operations.stop_customer import allow_customer

    with _failures(stack):
        desk = _desk(context, stack)
        _require(context, stack, desk, customer_id, campaign, templates)
        before = desk.table.customers.customer(customer_id)
        after = allow_customer(
            customer_id,
            campaign or ALL_CAMPAIGNS,
            by=getpass.getuser(),
            customers=desk.table.customers,
            clock=desk.clock,
        )
    if as_json:
        print_json(stop_document(after))
        return
    screen = results()
    if before.stops == after.stops:
        where = f" in {campaign}" if campaign else ""
        screen.print(f"{customer_id} was not stopped{where}", markup=False)
    for line in stop_lines(after):
        screen.print(line, markup=False)


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


def _named(desk: "CustomerDesk", who: str) -> "tuple[Any, tuple[str, ...]]":
    """The status of the address, None for an id; and the customers who are meant."""
    if "@" not in who:
        return None, (who,)
    try:
        known, ids = desk.at_address(who)
    except ValueError:
        return None, (who,)
    if not ids and desk.table.customers.customer(who).version:
        return None, (who,)  # a shop that uses addresses as ids
    return known, ids


def _report(desk: "CustomerDesk", customer_id: str, templates: Path | None) -> "CustomerReport | None":
    from outreach.domain.errors import UnknownCustomerError

    folder: Path | None
    try:
        folder = find_templates(templates)
    except NoCampaignError as missing:
        if templates is not None:
            fail(str(missing))
        folder = None
    try:
        return desk.show(folder)(customer_id)
    except UnknownCustomerError:
        return None


def _ended(enrollment_id: Any) -> dict[str, str]:
    return {"campaign": enrollment_id.campaign, "key": enrollment_id.key}


def _desk(context: typer.Context, stack: str) -> "CustomerDesk":
    from outreach_tools.operations.customer_desk import CustomerDesk

    try:
        return CustomerDesk(stack_of(context, stack))
    except KeyError as missing:
        fail(f"stack {stack} has no output {missing.args[0]}; is it a stack of Outreach, and up to date?")


@contextmanager
def _failures(stack: str) -> "Iterator[None]":
    from outreach.domain.errors import ConflictError, UnknownCustomerError

    with aws_failures(stack):
        try:
            yield
        except UnknownCustomerError:
            fail("no customer has this id: no event has named one")
        except ConflictError as error:
            fail(f"{error}; run the same command again")
