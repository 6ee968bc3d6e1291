"""`outreach sending`: whether mail is sent; an operator pauses and resumes it."""

import getpass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_tools.cli.account_limits import limits
from outreach_tools.cli.screen import AsJson, print_json, results
from outreach_tools.cli.sending_outage import outage_document, outage_lines
from outreach_tools.cli.sending_state import (
    paused_campaign_lines,
    paused_campaigns_document,
    sending_state_of,
)
from outreach_tools.cli.stack import StackName, aws_failures, stack_of
from outreach_tools.cli.wake_campaigns import wake_campaigns

if TYPE_CHECKING:
    from outreach.domain.sending.sending_state import SendingState

app = typer.Typer(
    help="Whether mail may go out, and how fast: status, pause, resume, limits.", no_args_is_help=True
)
app.command()(limits)


@app.command()
def status(context: typer.Context, stack: StackName = "outreach", as_json: AsJson = False) -> None:
    """Say what is paused or refused, why and by whom, what to do, and what the breaker has counted."""
    with aws_failures(stack):
        sending = sending_state_of(context, stack).sending()
    if as_json:
        print_json(_document(sending))
    else:
        _print(sending)


@app.command()
def pause(
    context: typer.Context,
    reason: Annotated[str, typer.Option("--reason", help="Why; `status` shows it.")],
    everything: Annotated[
        bool, typer.Option("--all", help="Transactional messages, too, and not only marketing.")
    ] = False,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Hold marketing, or everything, within five seconds. What is held goes out after a resume."""
    from outreach.adapters.system_clock import SystemClock
    from outreach.usecases.operations.pause_sending import pause_sending

    with aws_failures(stack):
        state_store = sending_state_of(context, stack)
        pause_sending(
            switch=state_store,
            clock=SystemClock(),
            everything=everything,
            reason=reason,
            by=getpass.getuser(),
        )
        sending = state_store.sending()
    if as_json:
        print_json(_document(sending))
    else:
        _print(sending)


@app.command()
def resume(context: typer.Context, stack: StackName = "outreach", as_json: AsJson = False) -> None:
    """End the pause, and try again what SES refused. An open breaker closes, and counts from nothing.

    A campaign that was paused by `outreach campaigns pause` stays paused.
    """
    from outreach.adapters.system_clock import SystemClock
    from outreach.usecases.operations.resume_sending import resume_sending

    with aws_failures(stack):
        state_store = sending_state_of(context, stack)
        before = resume_sending(switch=state_store, clock=SystemClock())
        wake_campaigns(stack_of(context, stack), stack)
        sending = state_store.sending()
    if as_json:
        print_json(_document(sending))
        return
    if not before.marketing_paused and before.outage is None:
        results().print("nothing was paused")
    _print(sending)


def _document(sending: "SendingState") -> dict[str, Any]:
    pause_, breaker, outage = sending.pause, sending.breaker, sending.outage
    on = "on" if outage is None else "refused"
    total, opening = breaker.total, breaker.opening
    return {
        "marketing": "paused" if sending.marketing_paused else on,
        "transactional": "paused" if sending.all_paused else on,
        "outage": None if outage is None else outage_document(outage),
        "pause": None
        if pause_ is None
        else {"reason": pause_.reason, "by": pause_.by, "at": pause_.at.isoformat()},
        "campaigns": paused_campaigns_document(sending),
        "breaker": {
            "sends": total.sends,
            "bounces": total.bounces,
            "complaints": total.complaints,
            "opened": None
            if opening is None
            else {
                "reason": opening.reason,
                "at": opening.at.isoformat(),
                "sends": opening.total.sends,
                "bounces": opening.total.bounces,
                "complaints": opening.total.complaints,
            },
        },
    }


def _print(sending: "SendingState") -> None:
    said = _document(sending)
    screen = results()
    screen.print(f"marketing      {said['marketing']}")
    screen.print(f"transactional  {said['transactional']}")
    if said["pause"]:
        by = said["pause"]
        screen.print(f"paused         by {by['by']} at {by['at']}: {by['reason']}", markup=False)
    for line in paused_campaign_lines(sending):
        screen.print(line, markup=False)
    for line in outage_lines(said["outage"]) if said["outage"] else ():
        screen.print(line, markup=False)
    opened, counted = said["breaker"]["opened"], said["breaker"]
    if opened:
        screen.print(f"breaker        open for {opened['reason']} since {opened['at']}, at {_counts(opened)}")
    screen.print(f"counted        {_counts(counted)}")


def _counts(counted: dict[str, Any]) -> str:
    return (
        f"{counted['bounces']} bounces and {counted['complaints']} complaints in {counted['sends']} "
        "marketing sends"
    )
