"""`outreach templates publish | drafts | keep`: make the templates folder the current content."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_tools.cli.screen import AsJson, fail, notes, print_json, results
from outreach_tools.cli.stack import StackName, aws_failures
from outreach_tools.cli.template_files import TemplatesOption
from outreach_tools.cli.templates.options import (
    SHOWN,
    Author,
    author_of,
    current_time,
    draft_of,
    published_versions_of,
    templates_folder,
)

if TYPE_CHECKING:
    from outreach.adapters.bundles.bundle import Bundle

app = typer.Typer()

Campaigns = Annotated[
    list[str] | None, typer.Argument(help="Names of campaigns. Default: all.", show_default=False)
]


@app.command()
def publish(
    context: typer.Context,
    campaigns: Campaigns = None,
    note: Annotated[str, typer.Option("--note", help="What changed, for readers of the history.")] = "",
    author: Author = None,
    templates: TemplatesOption = None,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Check campaigns, and make them current: within a minute, without a deployment."""
    from outreach.domain.errors import OutreachError
    from outreach_tools.publishing.publish import publish as put_out

    folder = templates_folder(templates)
    drafts = _checked(folder, _chosen(folder, campaigns))
    told = []
    with aws_failures(stack):
        published_versions = published_versions_of(context, stack)
        for draft in drafts:
            try:
                entry = put_out(
                    published_versions, draft, author=author_of(author), note=note, now=current_time()
                )
            except OutreachError as error:
                fail(f"{draft.campaign} was not published: {error}")
            told.append(
                {"campaign": draft.campaign, "version": draft.version, "published": entry is not None}
            )
    if as_json:
        print_json(told)
        return
    for each in told:
        state = "published" if each["published"] else "nothing new"
        results().print(f"{each['campaign']}  {str(each['version'])[:SHOWN]}  {state}")


@app.command()
def drafts(
    context: typer.Context,
    templates: TemplatesOption = None,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """List the campaigns of the templates folder that differ from the current ones."""
    from outreach_tools.checks import Checker

    folder = templates_folder(templates)
    told: list[dict[str, Any]] = []
    checker = Checker()
    with aws_failures(stack):
        published_versions = published_versions_of(context, stack)
        for name in _chosen(folder, None):
            holds, draft = published_versions.now(name), draft_of(folder, name)
            state = "unknown" if holds is None else "same" if holds.bundle == draft.version else "differs"
            errors = len(checker.check(draft.files).errors)
            told.append({"campaign": name, "draft": draft.version, "state": state, "errors": errors})
    if as_json:
        print_json(told)
        return
    words = {
        "same": "as it holds",
        "differs": "not published: see `outreach templates diff`",
        "unknown": "never published; what was deployed holds",
        "broken": "cannot be published: see `outreach templates check`",
    }
    for each in told:
        state = (
            "cannot be published: see `outreach templates check`" if each["errors"] else words[each["state"]]
        )
        results().print(f"{each['campaign']}  {each['draft'][:SHOWN]}  {state}", soft_wrap=True)


@app.command()
def keep(
    context: typer.Context,
    templates: TemplatesOption = None,
    author: Author = None,
    stack: StackName = "outreach",
) -> None:
    """Record what the stack was deployed with; run it after each deployment, as `make deploy` does."""
    from outreach_tools.publishing.publish import keep_deployed

    folder = templates_folder(templates)
    names = _chosen(folder, None)
    with aws_failures(stack):
        published_versions = published_versions_of(context, stack)
        for name in names:
            keep_deployed(
                published_versions, draft_of(folder, name), author=author_of(author), now=current_time()
            )
    results().print(f"kept {', '.join(names)}")


def _chosen(folder: Path, campaigns: list[str] | None) -> tuple[str, ...]:
    from outreach_tools.publishing.draft import campaign_names

    return tuple(campaigns) if campaigns else campaign_names(folder)


def _checked(folder: Path, names: tuple[str, ...]) -> "list[Bundle]":
    """The drafts to publish; a failure when any of them has an error."""
    from outreach_tools.checks import Checker

    drafts, checker = [draft_of(folder, name) for name in names], Checker()
    errors = {error for draft in drafts for error in checker.check(draft.files).errors}
    if errors:
        notes().print("not published; fix this first:")
        fail(f"{error.where}: {error.what}" for error in sorted(errors))
    return drafts
