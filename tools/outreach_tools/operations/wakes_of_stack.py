"""Arms the wakes of swept campaigns from an operator's commands."""

from typing import Any, Protocol

from outreach.adapters.stepfunctions.wakes import StepFunctionsWakes
from outreach.adapters.system_clock import SystemClock
from outreach.usecases.sweeps.arm_wakes import ArmWakes


class Stack(Protocol):
    """What it needs of a stack."""

    def client(self, service: str) -> Any:
        """A boto3 client that reaches the stack's account."""
        ...


def wakes_of_stack(stack: Stack, *, wakes: str, shards: int) -> ArmWakes:
    """That of a stack; `wakes` is the output WakeStateMachineArn, `shards` the output DueShards."""
    timer = StepFunctionsWakes(stack.client("stepfunctions"), state_machine_arn=wakes)
    return ArmWakes(timer=timer, clock=SystemClock(), shards=shards)
