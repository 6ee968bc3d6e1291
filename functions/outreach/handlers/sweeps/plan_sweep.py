"""Step Functions task: say where this sweep goes next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from outreach import wiring
from outreach.adapters.stepfunctions.timestamp import to_timestamp
from outreach.telemetry import observed, tell
from outreach.usecases.sweeps.plan_sweep import plan_sweep

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@observed
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Answer the choice "What Is Due?" of the sweep machine.

    `asked` is the input of the execution: an operator may have started it for one `campaign`.
    """
    ends_at = datetime.fromisoformat(event["started_at"]) + timedelta(hours=float(event["budget_hours"]))
    plan = plan_sweep(
        campaigns=wiring.campaigns(),
        shards=wiring.table().due_shards,
        clock=wiring.clock(),
        ends_at=ends_at,
        only=event.get("asked", {}).get("campaign"),
    )
    tell("sweep planned", shards=len(plan.work), looks_again=plan.look_again_at is not None)
    if plan.work:
        return {
            "next": "work",
            "work": [{"campaign": each.campaign, "shard": each.shard, "failed": False} for each in plan.work],
        }
    if plan.look_again_at is not None:
        return {"next": "wait", "until": to_timestamp(plan.look_again_at)}
    return {"next": "over"}
