"""`outreach sending`: whether mail is sent; an operator pauses and resumes it."""

from typing import TYPE_CHECKING, Any

import typer

from outreach_tools.cli.screen import AsJson, print_json, results
from outreach_tools.cli.sending.outage import outage_document, outage_lines
from outreach_tools.cli.sending.state import (
    paused_campaign_lines,
    paused_campaigns_document,
    sending_state_of,
)
from outreach_tools.cli.stack import StackName, aws_failures

if TYPE_CHECKING:
    from outreach.domain.sending.sending_state import SendingState


def status(context: typer.Context, stack: StackName = "outreach", as_json: AsJson = False) -> None:
    """Say what is paused or refused, why and by whom, what to do, and what the breaker has counted."""
    with aws_failures(stack):
        sending = sending_state_of(context, stack).sending()
    print_sending(sending, as_json=as_json)


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


def print_sending(sending: "SendingState", *, as_json: bool) -> None:
    """What is paused or refused, and what the breaker has counted."""
    said = _document(sending)
    if as_json:
        print_json(said)
        return
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
