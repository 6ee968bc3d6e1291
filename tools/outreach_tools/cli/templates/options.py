"""The common part of the commands about published campaigns: their options, and their folder and stack."""

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach_tools.cli.screen import fail
from outreach_tools.cli.stack import output_of, stack_of
from outreach_tools.cli.template_files import NoCampaignError, find_templates

if TYPE_CHECKING:
    from outreach.adapters.bundles.bundle import Bundle
    from outreach_tools.publishing.published_versions import PublishedVersions
    from outreach_tools.publishing.running import Running

SHOWN = 12
"""Characters of a bundle's hash that are shown; they are enough to name it."""
Author = Annotated[
    str | None,
    typer.Option(
        "--author", envvar="OUTREACH_AUTHOR", help="Who does it. Default: your login.", show_default=False
    ),
]
OneCampaign = Annotated[str, typer.Argument(help="Name of the campaign.")]


def author_of(given: str | None) -> str:
    """Who does it."""
    return given or getpass.getuser()


def current_time() -> datetime:
    return datetime.now(UTC)


def templates_folder(given: Path | None) -> Path:
    """The folder to work on, or a failure."""
    try:
        return find_templates(given)
    except NoCampaignError as missing:
        fail(str(missing))


def published_versions_of(context: typer.Context, stack: str) -> "PublishedVersions":
    """The published versions of the stack, or a failure."""
    from outreach_tools.publishing.published_versions import PublishedVersions

    try:
        return PublishedVersions.of(stack_of(context, stack))
    except KeyError as missing:
        fail(f"stack {stack} has no output {missing.args[0]}; deploy this version of Outreach first")


def running_in(context: typer.Context, stack: str) -> "Running":
    """The active enrollments of the stack."""
    from outreach_tools.publishing.running import Running

    chosen = stack_of(context, stack)
    table, shards = (output_of(chosen, name, stack) for name in ("TableName", "DueShards"))
    return Running(chosen.client("dynamodb"), table, int(shards))


def require_campaign(published_versions: "PublishedVersions", campaign: str) -> None:
    """A failure for a name that neither the stack's history nor the templates folder has."""
    from outreach.adapters.validation.suggest import did_you_mean
    from outreach_tools.publishing.draft import campaign_names

    if published_versions.publications.history(campaign):
        return
    try:
        names = campaign_names(find_templates(None))
    except NoCampaignError:
        return  # run from elsewhere: the name may be right
    if campaign not in names:
        fail(f"no campaign {campaign!r}; {did_you_mean(campaign, names)}")


def draft_of(folder: Path, campaign: str) -> "Bundle":
    """The campaign in the folder, or a failure."""
    from outreach_tools.publishing.draft import NoDraftError, read_draft

    try:
        return read_draft(folder, campaign)
    except NoDraftError as missing:
        fail(str(missing))
