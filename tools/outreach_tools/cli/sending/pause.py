"""`outreach sending pause` and `resume`: an operator holds messages, and lets them go."""

import getpass
from typing import Annotated

import typer

from outreach_tools.cli.screen import AsJson, results
from outreach_tools.cli.sending.state import (
    sending_state_of,
)
from outreach_tools.cli.sending.status import print_sending
from outreach_tools.cli.stack import StackName, aws_failures, stack_of
from outreach_tools.cli.wake_campaigns import wake_campaigns


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
    print_sending(sending, as_json=as_json)


def resume(context: typer.Context, stack: StackName = "outreach", as_json: AsJson = False) -> None:
    """End the pause, and try again what SES refused. An open breaker closes, and counts from nothing.

    A campaign that was paused by `outreach campaigns pause` stays paused.
    """
    from outreach.adapters.system_clock import SystemClock
    from outreach.usecases.operations.resume_sending import resume_sending

    with aws_failures(stack):
        state_store = sending_state_of(context, stack)
        before = resume_sending(switch=state_store, clock=SystemClock())
        wake_campaigns(stack_of(context, stack))
        sending = state_store.sending()
    if not (as_json or before.marketing_paused or before.outage is not None):
        results().print("nothing was paused")
    print_sending(sending, as_json=as_json)
