"""`outreach campaigns`: what campaigns there are, what they do, and what is wrong with them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach_tools.cli.screen import AsJson, fail, print_json, results
from outreach_tools.cli.template_files import (
    NoCampaignError,
    TemplatesOption,
    campaign_files,
    check_files,
    find_templates,
)

if TYPE_CHECKING:
    from outreach.domain.journeys.campaign import Campaign
    from outreach_tools.cli.template_files import Checked

app = typer.Typer(help="The campaigns in the templates folder.", no_args_is_help=True)


@app.command("list")
def list_campaigns(templates: TemplatesOption = None, as_json: AsJson = False) -> None:
    """List the campaigns: what each is for, what enrolls, how many messages it may send."""
    campaigns = [_sound(each) for each in _look(templates)]
    if as_json:
        print_json(
            [
                {
                    "name": each.name,
                    "title": each.title,
                    "class": each.message_class,
                    "trigger": each.trigger,
                    "driver": each.driver,
                    "messages": _messages(each),
                }
                for each in campaigns
            ]
        )
        return
    from rich.table import Table

    table = Table("campaign", "title", "class", "trigger", "driver", "messages", box=None, pad_edge=False)
    for each in campaigns:
        count = str(len(_messages(each)))
        table.add_row(each.name, each.title, each.message_class, each.trigger, each.driver, count)
    results().print(table)


@app.command()
def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the campaign.")],
    templates: TemplatesOption = None,
    stack: Annotated[
        str | None,
        typer.Option("--stack", help="Say, too, whether this stack has paused it.", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draw a campaign's rules and steps as a tree, in plain words."""
    looked = _look(templates)
    found = [each for each in looked if each.file.resolve().parent.name == name]
    if not found:
        names = ", ".join(each.file.resolve().parent.name for each in looked)
        fail(f"no campaign {name!r}; there are: {names}")
    campaign = _sound(found[0])
    pauses = None if stack is None else _pauses(context, stack)
    if as_json:
        from outreach_tools.campaigns.document import campaign_json

        document = campaign_json(campaign)
        print_json(document if pauses is None else {**document, "pause": pauses.get(name)})
        return
    from outreach_tools.campaigns.tree import tree

    results().print(tree(campaign))
    if pauses is not None:
        pause = pauses.get(name)
        words = "not paused" if pause is None else "paused by {by} at {at}: {reason}".format(**pause)
        results().print(words, markup=False)


@app.command()
def check(
    path: Annotated[
        Path | None,
        typer.Argument(
            help="A templates folder, a campaign's folder or a campaign.yaml.", show_default=False
        ),
    ] = None,
    templates: TemplatesOption = None,
    as_json: AsJson = False,
) -> None:
    """Check campaigns and their messages; print every problem as `file:line: what`, and exit 1 if any."""
    looked = _look(templates, path)
    # Campaigns that share a part share its problems.
    problems = list(dict.fromkeys(problem for each in looked for problem in each.problems))
    if as_json:
        print_json([{"where": problem.where, "what": problem.what} for problem in problems])
        raise typer.Exit(1 if problems else 0)
    if problems:
        fail(problems)
    messages = sum(len(_messages(_sound(each))) for each in looked)
    results().print(f"{len(looked)} campaigns, {messages} messages: no problems")


def _pauses(context: typer.Context, stack: str) -> dict[str, dict[str, str]]:
    """Each paused campaign of the stack."""
    from outreach_tools.cli.sending.state import (
        paused_campaigns_document,
        sending_state_of,
    )
    from outreach_tools.cli.stack import aws_failures

    with aws_failures(stack):
        return paused_campaigns_document(sending_state_of(context, stack).sending())


def _look(templates: Path | None, path: Path | None = None) -> "list[Checked]":
    try:
        return list(check_files(campaign_files(path or find_templates(templates))))
    except NoCampaignError as missing:
        fail(str(missing))


def _sound(checked: "Checked") -> "Campaign":
    """The campaign, or a failure with all that is wrong with its file."""
    if checked.campaign is None:
        fail(checked.problems)
    return checked.campaign


def _messages(campaign: "Campaign") -> list[str]:
    from outreach.domain.journeys.campaign import SendStep

    sent = [step.message for step in campaign.steps if isinstance(step, SendStep)]
    return list(dict.fromkeys(sent))
