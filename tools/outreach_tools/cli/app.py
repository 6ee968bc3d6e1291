"""The commands of `outreach`: one short function per command, each in a module of its own."""

from typing import Annotated

import typer

from outreach_tools.cli import (
    campaigns,
    customers,
    facts,
    journeys,
    restore,
    sending,
    sends,
    suppressions,
    sweeps,
    templates,
)
from outreach_tools.cli.demo import demo
from outreach_tools.cli.doctor import doctor
from outreach_tools.cli.emit import emit
from outreach_tools.cli.local import local
from outreach_tools.cli.preview import preview
from outreach_tools.cli.redrive import redrive
from outreach_tools.cli.rehearse import rehearse
from outreach_tools.cli.schema import schema
from outreach_tools.cli.screen import say

app = typer.Typer(
    help="Customer-lifecycle e-mail on your own AWS account.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # locals may hold customers' data
)


def _print_version(*, wanted: bool) -> None:
    if wanted:
        from outreach_tools.release import this_release

        say(this_release())
        raise typer.Exit


@app.callback()
def outreach(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the release, and exit."
        ),
    ] = False,
) -> None:
    """Customer-lifecycle e-mail on your own AWS account."""


app.command()(demo)
app.command()(doctor)
app.command()(emit)
app.command()(local)
app.command()(preview)
app.command()(redrive)
app.command()(rehearse)
app.command()(schema)
app.add_typer(campaigns.app, name="campaigns")
app.add_typer(customers.app, name="customers")
app.add_typer(facts.app, name="facts")
app.add_typer(journeys.app, name="journeys")
app.add_typer(restore.app, name="restore")
app.add_typer(sending.app, name="sending")
app.add_typer(sends.app, name="sends")
app.add_typer(suppressions.app, name="suppressions")
app.add_typer(sweeps.app, name="sweeps")
app.add_typer(templates.app, name="templates")
