"""Step Functions task: work through one shard of what is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from outreach import wiring
from outreach.domain.sweeps.counts import SweepCall
from outreach.message_metrics import report_outcomes
from outreach.telemetry import Metric, count, facts_of, observed, tell, warn

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from outreach.domain.journeys.enrollment import EnrollmentId

PATIENCE = timedelta(seconds=15)
"""How long a send may sleep for its turn: held, it would wait for the sweep's next look."""
MARGIN = timedelta(minutes=2)
"""Kept free at the end of the function's time: a page that was begun sleeps, sends and records in less."""


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer the choice "More In This Shard?" of the sweep machine."""
    left = timedelta(milliseconds=context.get_remaining_time_in_millis())
    call = SweepCall(
        sweep=datetime.fromisoformat(event["sweep"]), id=context.aws_request_id, campaign=event["campaign"]
    )
    swept = wiring.sweep_page(PATIENCE, _warn)(
        call, event["shard"], stop_at=wiring.clock().now() + left - MARGIN
    )
    classes = {campaign.name: campaign.is_marketing for campaign in wiring.campaigns().current()}
    report_outcomes(call.campaign, swept.outcomes, is_marketing=classes.get(call.campaign, False))
    count(Metric.RUNS_EXPIRED, swept.counts.expired)
    tell(
        "shard swept",
        campaign=event["campaign"],
        shard=event["shard"],
        **swept.counts.numbers(),
        errors=dict(swept.errors),
        more=swept.more,
    )
    is_left_behind = event["failed"] or bool(swept.counts.stuck) or swept.is_put_off
    return {**event, "more": swept.more, "failed": is_left_behind}


def _warn(enrollment_id: EnrollmentId | None, error: Exception) -> None:
    facts = facts_of(error, frames=2)
    if enrollment_id is None:
        warn("a page could not be worked through at once", facts)
    else:
        ids = {
            "customer_id": enrollment_id.customer_id,
            "campaign": enrollment_id.campaign,
            "key": enrollment_id.key,
        }
        warn("an enrollment could not be moved", {**ids, **facts})
        count(Metric.SWEEP_FAILURES)  # here, for a call that gives up counts nothing at its end
