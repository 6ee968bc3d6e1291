"""`outreach customers show`: one customer, their runs, and what comes next."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_tools.cli.customers.desk import desk_of, failures
from outreach_tools.cli.customers.words import (
    address_document,
    address_lines,
    customer_document,
    customer_lines,
)
from outreach_tools.cli.screen import AsJson, fail, print_json, results
from outreach_tools.cli.stack import StackName
from outreach_tools.cli.template_files import NoCampaignError, TemplatesOption, find_templates

if TYPE_CHECKING:
    from outreach.usecases.operations.show_customer import CustomerReport
    from outreach_tools.operations.customer_desk import CustomerDesk


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
    with failures(stack):
        desk = desk_of(context, stack)
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
