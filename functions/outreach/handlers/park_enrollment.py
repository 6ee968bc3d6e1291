"""Step Functions task with a token: leave the token where an event will find it."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from outreach import wiring
from outreach.domain.enrollment import EnrollmentId
from outreach.telemetry import observed, tell


@observed
def handler(event: dict[str, Any], _context: LambdaContext) -> None:
    """The machine goes on when somebody answers the token, not when this returns."""
    enrollment_id = EnrollmentId(event["customer_id"], event["campaign"], event["key"])
    parked = wiring.park_enrollment()(enrollment_id, event["run"], event["token"])
    tell("parked" if parked else "woken at once", campaign=event["campaign"])
