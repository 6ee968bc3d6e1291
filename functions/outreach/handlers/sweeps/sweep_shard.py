"""Step Functions task: work through one shard of what is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from outreach import wiring
from outreach.domain.sweeps.counts import SweepCall
from outreach.message_metrics import report_outcomes
from outreach.telemetry import Metric, count, facts_of, observed, tell, warn
from outreach.usecases.sweeps.sweep_under_lease import Next

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from outreach.domain.journeys.enrollment import EnrollmentId
    from outreach.usecases.sweeps.sweep_shard import Swept

PATIENCE = timedelta(seconds=15)
"""How long a send may sleep for its turn: held, it would wait for the sweep's next look."""
MARGIN = timedelta(minutes=2)
"""Kept free at the end of the function's time: a page that was begun sleeps, sends and records in less."""


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer the choice "More?" of the wake machine, which hands its own answer back in the next call.

    Executions that an older release started ask in its words; they get an answer that they understand, too.
    """
    left = timedelta(milliseconds=context.get_remaining_time_in_millis())
    wake = event["wake"] if "wake" in event else {**event, "at": event["sweep"]}
    campaign, shard = wake["campaign"], wake["shard"]
    began = datetime.fromisoformat(wake["at"])
    visit = wiring.sweep_under_lease(PATIENCE, _warn)(
        SweepCall(sweep=began, id=context.aws_request_id, campaign=campaign),
        shard,
        owner=event.get("owner", f"sweep-{wake['at']}"),
        stop_at=wiring.clock().now() + left - MARGIN,
        looked_again=wake.get("looked_again", False),
    )
    if visit.is_elsewhere:
        tell("shard is being swept", campaign=campaign, shard=shard)
    else:
        _report(campaign, shard, visit.swept)
    is_left_behind = wake.get("failed", False) or bool(visit.swept.counts.stuck)
    return {
        **wake,
        "next": visit.next,
        "looked_again": visit.next is Next.LOOK_AGAIN or wake.get("looked_again", False),
        "more": visit.next is Next.AGAIN,
        "failed": is_left_behind,
    }


def _report(campaign: str, shard: int, swept: Swept) -> None:
    classes = {each.name: each.is_marketing for each in wiring.campaigns().current()}
    report_outcomes(campaign, swept.outcomes, is_marketing=classes.get(campaign, False))
    count(Metric.RUNS_EXPIRED, swept.counts.expired)
    hold = {}
    if swept.hold is not None:
        hold = {"held_by": swept.hold.reason, "held_until": swept.hold.until.isoformat()}
    tell(
        "shard swept",
        campaign=campaign,
        shard=shard,
        **swept.counts.numbers(),
        errors=dict(swept.errors),
        more=swept.more,
        **hold,
    )


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
