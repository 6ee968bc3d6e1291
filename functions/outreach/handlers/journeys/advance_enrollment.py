"""Step Functions task: advance one enrollment and return what is next."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from outreach import wiring
from outreach.adapters.stepfunctions.timestamp import to_timestamp
from outreach.domain.journeys.enrollment import EnrollmentId
from outreach.domain.journeys.progress import Over, Parks, Waits
from outreach.domain.sending.outcomes import outcomes_of
from outreach.domain.sweeps.counts import outcome_of
from outreach.message_metrics import report_outcomes
from outreach.telemetry import Metric, count, observed, tell

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@observed
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Answer the choice "What Is Next?" of the journey machine."""
    enrollment_id = EnrollmentId(event["customer_id"], event["campaign"], event["key"])
    known = event.get("execution_input", {})  # that of older executions is empty
    look = wiring.advance_enrollment()(
        enrollment_id,
        event["run"],
        order_id=known.get("order_id"),
        properties_apart=known.get("properties_apart", False),
    )
    outcomes = outcomes_of(look.found, look.left)
    if outcomes:
        campaign = wiring.campaigns().pinned(event["campaign"], look.left.bundle)
        report_outcomes(campaign.name, outcomes, is_marketing=campaign.is_marketing)
    count(Metric.RUNS_EXPIRED, outcome_of(look.found, look.left).expired)
    ended = {"reason": look.left.reason} if isinstance(look.progress, Over) else {}
    tell("advanced", campaign=event["campaign"], progress=type(look.progress).__name__, **ended)
    match look.progress:
        case Waits(until):
            return {"next": "wait", "until": to_timestamp(until)}
        case Parks(deadline=deadline):
            left = deadline - wiring.clock().now()
            return {"next": "wait_for", "seconds": max(1, ceil(left.total_seconds()))}
        case Over(status, reason):
            return {"next": "over", "status": status, "reason": reason}
