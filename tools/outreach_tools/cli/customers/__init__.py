"""`outreach customers`: one customer."""

import typer

from outreach_tools.cli.customers.show import show
from outreach_tools.cli.customers.stop import allow, stop

app = typer.Typer(help="One customer: look up, stop, allow again.", no_args_is_help=True)
for command in (show, stop, allow):
    app.command()(command)

__all__ = ["app"]
