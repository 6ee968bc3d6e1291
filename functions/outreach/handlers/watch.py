"""Scheduled: settle what is in doubt, begin again what failed, and report what nobody moves."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from outreach import wiring
from outreach.telemetry import count, observed, tell

OVERDUE = timedelta(hours=26)
"""A daily sweep should have come to it: a day, and two hours for the work."""
MARGIN = timedelta(seconds=30)
"""Kept free at the end of the function's time, to say what it did."""


@observed
def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """What it found and did, for whoever reads the logs; `stuck` needs a person and raises the alarm."""
    now = wiring.clock().now()
    settled = wiring.settle_pages()()
    left = timedelta(milliseconds=context.get_remaining_time_in_millis())
    restarted = wiring.restart_journeys()(stop_at=wiring.clock().now() + left - MARGIN)
    late = now - OVERDUE
    first_due = [
        moment
        for campaign in wiring.campaigns().current()
        for moment in wiring.table().due_shards.first_due(campaign.name).values()
    ]
    stuck = restarted.stuck + sum(moment < late for moment in first_due)
    count("Stuck", stuck)
    report = {
        "pages_settled": settled.pages,
        "pages_waiting": settled.waiting,
        "sends_settled": {str(status): sends for status, sends in settled.sends.items()},
        "journeys_begun_again": restarted.begun_again,
        "stuck": stuck,
    }
    tell("watched", **report)
    return report
