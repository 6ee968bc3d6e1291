"""`outreach templates diff`: what publishing would change, and for whom."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_tools.cli.screen import AsJson, fail, print_json, results
from outreach_tools.cli.stack import StackName, aws_failures
from outreach_tools.cli.template_files import TemplatesOption
from outreach_tools.cli.templates.options import (
    SHOWN,
    OneCampaign,
    draft_of,
    published_versions_of,
    running_in,
    templates_folder,
)

if TYPE_CHECKING:
    from outreach.adapters.bundles.bundle import Bundle
    from outreach_tools.campaigns.document import Json
    from outreach_tools.publishing.published_versions import PublishedVersions

app = typer.Typer()


@app.command()
def diff(
    context: typer.Context,
    campaign: OneCampaign,
    old: Annotated[
        str, typer.Option("--from", help="A version, `deployed`, or `now` for the current one.")
    ] = "now",
    new: Annotated[
        str, typer.Option("--to", help="A version, or `draft` for the templates folder.")
    ] = "draft",
    count: Annotated[
        bool | None,
        typer.Option(
            "--count/--no-count", help="Count the active enrollments. Default: if the table is small."
        ),
    ] = None,
    templates: TemplatesOption = None,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Show how two versions differ: content, steps, and how many customers stand where steps changed."""
    from outreach.domain.errors import OutreachError
    from outreach_tools.publishing.word_changes import word_changes

    with aws_failures(stack):
        published_versions = published_versions_of(context, stack)
        try:
            before = _named(published_versions, campaign, old)
            after = (
                draft_of(templates_folder(templates), campaign)
                if new == "draft"
                else _named(published_versions, campaign, new)
            )
            words = list(word_changes(before, after))
            steps = _steps(context, stack, before, after, count=count)
        except OutreachError as error:
            fail(f"nothing to compare: {error}")
    document = {"campaign": campaign, "from": before.version, "to": after.version, "words": words, **steps}
    if as_json:
        print_json(document)
    else:
        _print(document)


def _named(published_versions: "PublishedVersions", campaign: str, name: str) -> "Bundle":
    """Raises OutreachError."""
    if name != "now":
        return published_versions.bundle(published_versions.find(campaign, name))
    holds = published_versions.now(campaign)
    if holds is None:
        fail(f"{campaign} was never published, nor was what was deployed kept; see `outreach templates keep`")
    return published_versions.bundle(holds)


def _steps(
    context: typer.Context, stack: str, before: "Bundle", after: "Bundle", *, count: bool | None
) -> "dict[str, Json]":
    """What changed in the steps, and how many enrollments stand there."""
    from outreach.adapters.campaign_files.campaign_file import load
    from outreach_tools.publishing.running import status
    from outreach_tools.publishing.versions import step_changes

    old, new = (
        load(each.steps, file=f"{each.campaign}/campaign.yaml", version=each.steps_version)
        for each in (before, after)
    )
    changes = list(step_changes(old, new))
    told: dict[str, Json] = {
        "steps": [{"sign": each.sign, "label": each.label, "words": each.words} for each in changes],
        "steps_from": old.version,
        "steps_to": new.version,
        "running": None,
        "cost": None,
    }
    if not changes or count is False:
        return told
    running = running_in(context, stack)
    if count is None and not running.is_small():
        return told | {"cost": running.cost()}
    counted = status(running.of(before.campaign, [old, new]))
    own = {label: number for (version, label), number in counted.items() if version == old.version}
    touched = {each.label: own.get(each.label, 0) for each in changes if each.label and each.sign != "+"}
    return told | {"running": {"on_these_steps": sum(own.values()), "all": counted.total(), "at": touched}}


def _print(document: dict[str, Any]) -> None:
    screen = results()
    styles = {"+": "green", "-": "red", "~": "yellow", "@": "cyan"}

    def line(text: str, sign: str = "") -> None:
        screen.print(text, markup=False, style=styles.get(sign or text[:1]), soft_wrap=True)

    if not document["words"]:
        line("no difference")
        return
    line(f"{document['campaign']}  {document['from'][:SHOWN]} -> {document['to'][:SHOWN]}")
    for text in document["words"]:
        line(text)
    if not document["steps"]:
        line("")
        line("The steps are the same: every active enrollment gets the new content.")
        return
    line("")
    line("Steps:")
    running = document["running"]
    at = {} if running is None else running["at"]
    for change in document["steps"]:
        name = f"{change['label']}: " if change["label"] else ""
        people = f"  ({at[change['label']]} stand here)" if change["label"] in at else ""
        line(f"{change['sign']} {name}{change['words']}{people}", change["sign"])
    line("")
    line("Every active enrollment keeps the steps it began with, and gets the new content.")
    if running is not None:
        line(f"Active enrollments with the old steps: {running['on_these_steps']} of {running['all']}.")
    if document["cost"]:
        line(f"Not counted: looking through the table reads {document['cost']}; --count does it.")
    if running is not None and not running["on_these_steps"]:
        return
    versions = f"--from {document['from'][:SHOWN]} --to {document['to'][:SHOWN]}"
    line(
        f"To move them, publish, then: outreach campaigns migrate {document['campaign']} {versions} --dry-run"
    )
