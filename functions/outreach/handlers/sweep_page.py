"""Step Functions task: work through one shard of what is due."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from outreach import wiring
from outreach.telemetry import count, observed, tell, warn
from outreach.usecases.sweep_page import sweep_page

MARGIN = timedelta(seconds=20)
"""Kept free at the end of the function's time: longer than any single call may take."""


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer the choice "More In This Shard?" of the sweep machine."""
    left = timedelta(milliseconds=context.get_remaining_time_in_millis())
    page = sweep_page(
        event["campaign"],
        event["shard"],
        enrollments=wiring.table().enrollments,
        advance=wiring.advance_enrollment(),
        clock=wiring.clock(),
        stop_at=wiring.clock().now() + left - MARGIN,
    )
    count("SweepFailures", sum(page.failed.values()))
    if page.failed:
        warn("some enrollments could not be moved", {"campaign": event["campaign"], "failed": page.failed})
    tell(
        "page swept", campaign=event["campaign"], shard=event["shard"], advanced=page.advanced, more=page.more
    )
    return {**event, "more": page.more, "failed": event["failed"] or bool(page.failed)}
