"""Wakes what a pause held, at once and not at its next look."""

from typing import TYPE_CHECKING

from outreach_tools.cli.stack import output_of

if TYPE_CHECKING:
    from outreach_tools.cli.stack import Stack


def wake_campaigns(stack: "Stack", stack_name: str, campaign: str | None = None) -> str:
    """Start the execution that arms the wakes of what is due, in one campaign or in all; gives its name."""
    from outreach.adapters.stepfunctions.sweeps import StepFunctionsSweeps
    from outreach.adapters.system_clock import SystemClock

    machine = output_of(stack, "SweepStateMachineArn", stack_name)
    starter = StepFunctionsSweeps(stack.client("stepfunctions"), state_machine_arn=machine)
    return starter.start_by_hand(campaign, SystemClock().now())
