"""Whether feedback flows: by what came in, and by a probe to SES's own mailbox simulator."""

from datetime import timedelta
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.attributes import milliseconds, moment, number
from outreach.adapters.dynamodb.change import Change
from outreach.adapters.dynamodb.conflicts import refused_when_conditions_fail
from outreach.domain.doubt import Hearing
from outreach.domain.errors import SendImpossible, SendRefused

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.adapters.ses_mailer import SesMailer
    from outreach.feedback_ports import FeedbackWatermark

PROBE_ADDRESS = "success+outreach-probe@simulator.amazonses.com"
"""SES's own mailbox: it takes any mail, also in the SES sandbox, and counts towards no rate of ours."""
SELDOM = timedelta(minutes=5)
"""At most one probe in so long, however many claims are in doubt."""
_TRIED_AT = "tried_at"
_PROBED_AT = "probed_at"


class FeedbackEvidence:
    """Keeps the port Evidence."""

    def __init__(
        self, client: "DynamoDBClient", table: str, *, watermark: "FeedbackWatermark", mailer: "SesMailer"
    ) -> None:
        self._client = client
        self._table = table
        self._watermark = watermark
        self._mailer = mailer

    def hearing(self) -> Hearing:
        """What has come in, and when SES last took a probe."""
        answer = self._client.get_item(TableName=self._table, Key=keys.probe(), ConsistentRead=True)
        row = answer.get("Item", {})
        return Hearing(
            reported_up_to=self._watermark.newest(),
            probed_at=moment(int(row[_PROBED_AT]["N"])) if _PROBED_AT in row else None,
        )

    def ask(self, now: "datetime") -> None:
        """Send a probe, unless somebody did a moment ago.

        One that was refused for now is no probe: nothing can be heard of it. One that SES will never take
        counts as unanswered, or a doubt would never end.
        """
        if not self._may_ask(now):
            return
        try:
            self._mailer.probe(PROBE_ADDRESS)
        except SendImpossible:
            pass  # asked in vain, for ever
        except SendRefused:
            return
        change = Change()
        change.set(number(milliseconds(now)), _PROBED_AT)
        self._client.update_item(**change.update(self._table, keys.probe()))

    def _may_ask(self, now: "datetime") -> bool:
        change = Change()
        at = change.path(_TRIED_AT)
        long_ago = change.value(number(milliseconds(now - SELDOM)))
        change.require(f"(attribute_not_exists({at}) OR {at} <= {long_ago})")
        change.set(number(milliseconds(now)), _TRIED_AT)
        with refused_when_conditions_fail() as outcome:
            self._client.update_item(**change.update(self._table, keys.probe()))
        return not outcome.is_refused
