"""`outreach campaigns pause` and `resume`: hold the messages of one campaign."""

import getpass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_tools.cli.campaigns.known import require_known_campaign
from outreach_tools.cli.screen import AsJson, print_json, results
from outreach_tools.cli.sending.state import sending_state_of
from outreach_tools.cli.stack import StackName, aws_failures, stack_of
from outreach_tools.cli.template_files import TemplatesOption
from outreach_tools.cli.wake_campaigns import wake_campaigns

if TYPE_CHECKING:
    from outreach.domain.sending.sending_state import CampaignPause

app = typer.Typer()
Name = Annotated[str, typer.Argument(help="Name of the campaign.")]


@app.command()
def pause(
    context: typer.Context,
    name: Name,
    reason: Annotated[str, typer.Option("--reason", help="Why; `outreach sending status` shows it.")],
    templates: TemplatesOption = None,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Hold one campaign's messages, within five seconds. Waits run on, and events that end runs count."""
    from outreach.adapters.system_clock import SystemClock
    from outreach.usecases.operations.pause_campaign import pause_campaign

    with aws_failures(stack):
        switch = sending_state_of(context, stack)
        require_known_campaign(context, stack, name, templates, also=switch.sending().campaigns)
        known = pause_campaign(name, switch=switch, clock=SystemClock(), reason=reason, by=getpass.getuser())
    words = f"{name} is paused by {known.by} since {known.at.isoformat()}: {known.reason}"
    _print(name, known, words, is_paused=True, as_json=as_json)


@app.command()
def resume(
    context: typer.Context,
    name: Name,
    templates: TemplatesOption = None,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Let the campaign's messages go again, those that are still valid: a swept one's within a minute.

    An execution of a campaign that is not swept looks again within an hour.
    """
    from outreach.usecases.operations.pause_campaign import resume_campaign

    with aws_failures(stack):
        switch = sending_state_of(context, stack)
        require_known_campaign(context, stack, name, templates, also=switch.sending().campaigns)
        ended = resume_campaign(name, switch=switch)
        wake_campaigns(stack_of(context, stack), name)
    words = f"{name} was not paused" if ended is None else f"{name} goes on; it was paused by {ended.by}"
    _print(name, ended, words, is_paused=False, as_json=as_json)


def _print(name: str, pause_: "CampaignPause | None", words: str, *, is_paused: bool, as_json: bool) -> None:
    if not as_json:
        results().print(words, markup=False)
        return
    document: dict[str, Any] = {"campaign": name, "paused": is_paused, "pause": None}
    if pause_ is not None:
        document["pause"] = {"reason": pause_.reason, "by": pause_.by, "at": pause_.at.isoformat()}
    print_json(document)
