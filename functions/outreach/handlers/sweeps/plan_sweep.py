"""Step Functions task: arm the wake of every campaign shard where something is due soon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outreach import wiring
from outreach.telemetry import observed, tell

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@observed
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Say how many wakes are armed, and how many shards no wake came for.

    `asked` is the input of the execution: an operator may have started it for one `campaign`. `next` ends
    executions that an older release started: they swept by themselves.
    """
    armed = wiring.arm_due_shards()(event.get("asked", {}).get("campaign"))
    tell("wakes armed", wakes=armed.wakes, caught=armed.caught)
    return {"next": "over", "wakes": armed.wakes, "caught": armed.caught}
