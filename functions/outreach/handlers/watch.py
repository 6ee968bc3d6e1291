"""Scheduled: settle what is in doubt, begin again what failed, and report what nobody moves."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from outreach import wiring
from outreach.domain.sends import SendStatus
from outreach.telemetry import count, observed, tell
from outreach.usecases.find_overdue import find_overdue

MARGIN = timedelta(seconds=30)
"""Kept free at the end of the function's time, to say what it did."""


@observed
def handler(_event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """What it found and did, for whoever reads the logs; `stuck` needs a person and raises the alarm."""
    now = wiring.clock().now()
    settled = wiring.settle_pages()()
    left = timedelta(milliseconds=context.get_remaining_time_in_millis())
    restarted = wiring.restart_journeys()(stop_at=wiring.clock().now() + left - MARGIN)
    table = wiring.table()
    overdue = find_overdue(
        campaigns=wiring.campaigns(), shards=table.due_shards, swept=table.swept_campaigns, now=now
    )
    stuck = restarted.stuck + sum(overdue.values())
    count("Stuck", stuck)
    count("MessagesFailed", settled.sends[SendStatus.FAILED] + settled.sends[SendStatus.UNKNOWN])
    report = {
        "pages_settled": settled.pages,
        "pages_waiting": settled.waiting,
        "sends_settled": {str(status): sends for status, sends in settled.sends.items()},
        "journeys_begun_again": restarted.begun_again,
        "overdue": overdue,
        "stuck": stuck,
    }
    tell("watched", **report)
    return report
