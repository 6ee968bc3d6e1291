"""`outreach templates history | rollback`: what was current when, and going back to it."""

from typing import TYPE_CHECKING, Annotated

import typer

from outreach_tools.cli.screen import AsJson, fail, print_json, results
from outreach_tools.cli.stack import StackName, aws_failures
from outreach_tools.cli.templates.options import (
    SHOWN,
    Author,
    OneCampaign,
    author_of,
    current_time,
    published_versions_of,
    require_campaign,
)

if TYPE_CHECKING:
    from outreach.adapters.bundles.publication import Publication

app = typer.Typer()


@app.command()
def history(
    context: typer.Context, campaign: OneCampaign, stack: StackName = "outreach", as_json: AsJson = False
) -> None:
    """List everything that was published of a campaign, the newest first."""
    with aws_failures(stack):
        published_versions = published_versions_of(context, stack)
        require_campaign(published_versions, campaign)
        entries = published_versions.publications.history(campaign)
    if as_json:
        print_json([_document(entry) for entry in entries])
        return
    if not entries:
        results().print(f"{campaign} was never published: what was deployed with the stack holds")
        return
    from rich.table import Table

    table = Table("", "version", "at (UTC)", "by", "note", box=None, pad_edge=False)
    for place, entry in enumerate(entries):
        at = entry.at.strftime("%Y-%m-%d %H:%M:%S")
        table.add_row("now" if place == 0 else "", entry.bundle[:SHOWN], at, entry.author, entry.note)
    results().print(table)


@app.command()
def rollback(
    context: typer.Context,
    campaign: OneCampaign,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", help="Version to go back to, or `deployed`. Default: the one before.", show_default=False
        ),
    ] = None,
    note: Annotated[str, typer.Option("--note", help="Why, for readers of the history.")] = "",
    author: Author = None,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Go back to an older version: it becomes current within a minute."""
    from outreach.domain.errors import OutreachError
    from outreach_tools.publishing.publish import roll_back

    with aws_failures(stack):
        published_versions, now = published_versions_of(context, stack), current_time()
        require_campaign(published_versions, campaign)
        try:
            entry = roll_back(
                published_versions, campaign, to, author=author_of(author), note=note or "rollback", now=now
            )
        except OutreachError as error:
            fail(f"nothing was changed: {error}")
    if as_json:
        print_json(_document(entry))
    else:
        what = "what was deployed with the stack" if entry.is_deployed else entry.bundle[:SHOWN]
        results().print(f"{campaign}  {what} holds again")


def _document(entry: "Publication") -> dict[str, object]:
    return {
        "campaign": entry.campaign,
        "version": entry.bundle,
        "steps": entry.steps,
        "messages": list(entry.messages),
        "author": entry.author,
        "note": entry.note,
        "at": entry.at.isoformat(),
        "revision": entry.revision,
    }
