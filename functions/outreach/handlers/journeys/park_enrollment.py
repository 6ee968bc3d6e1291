"""Step Functions task with a token: store the token where an event will find it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outreach import wiring
from outreach.domain.journeys.enrollment import EnrollmentId
from outreach.telemetry import observed, tell

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@observed
def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """The machine goes on when the token is answered, not when this returns."""
    enrollment_id = EnrollmentId(event["customer_id"], event["campaign"], event["key"])
    parked = wiring.park_enrollment()(enrollment_id, event["run"], event["token"])
    tell("parked" if parked else "woken at once", campaign=event["campaign"])
