"""`outreach sending`: whether messages may go out, and how fast."""

import typer

from outreach_tools.cli.sending.limits import limits
from outreach_tools.cli.sending.pause import pause, resume
from outreach_tools.cli.sending.status import status

app = typer.Typer(
    help="Whether mail may go out, and how fast: status, pause, resume, limits.", no_args_is_help=True
)
for command in (limits, status, pause, resume):
    app.command()(command)

__all__ = ["app"]
