"""Whether feedback flows: by what came in, and by a probe to SES's own mailbox simulator."""

from datetime import timedelta
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.attributes import milliseconds, number
from outreach.adapters.dynamodb.change import Change
from outreach.adapters.dynamodb.conflicts import refused_when_conditions_fail
from outreach.domain.errors import SendRefused

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.adapters.ses_mailer import SesMailer
    from outreach.feedback_ports import FeedbackWatermark

PROBE_ADDRESS = "success+outreach-probe@simulator.amazonses.com"
"""SES's own mailbox: it takes any mail, also in the SES sandbox, and counts towards no rate of ours."""
SELDOM = timedelta(minutes=5)
"""At most one probe in so long, however many claims are in doubt."""


class FeedbackEvidence:
    """Keeps the port Evidence."""

    def __init__(
        self, client: "DynamoDBClient", table: str, *, watermark: "FeedbackWatermark", mailer: "SesMailer"
    ) -> None:
        self._client = client
        self._table = table
        self._watermark = watermark
        self._mailer = mailer

    def reported_up_to(self) -> "datetime | None":
        """When the newest message was sent that SES has confirmed; None before the first."""
        return self._watermark.newest()

    def ask(self, now: "datetime") -> None:
        """Send a probe, unless somebody did a moment ago. A refusal is an answer too: none will come."""
        if not self._may_ask(now):
            return
        try:
            self._mailer.probe(PROBE_ADDRESS)
        except SendRefused:
            return

    def _may_ask(self, now: "datetime") -> bool:
        change = Change()
        at = change.path("at")
        long_ago = change.value(number(milliseconds(now - SELDOM)))
        change.require(f"(attribute_not_exists({at}) OR {at} < {long_ago})")
        change.set(number(milliseconds(now)), "at")
        with refused_when_conditions_fail() as outcome:
            self._client.update_item(**change.update(self._table, keys.house("PROBE")))
        return not outcome.is_refused
