"""Whether feedback flows: from the reports received, and from probes to SES's own mailbox simulator."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.conflicts import refused_when_conditions_fail
from outreach.adapters.dynamodb.items.attributes import instant, milliseconds, number
from outreach.adapters.dynamodb.items.change import Change
from outreach.domain.errors import SendImpossibleError, SendRefusedError
from outreach.domain.sending.unresolved_claim import MOST_PROBES, PATIENCE

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.adapters.dynamodb.items.attributes import Item
    from outreach.adapters.ses.mailer import SesMailer
    from outreach.domain.feedback.health import FeedbackHealth, Slot
    from outreach.ports.feedback import FeedbackMarks

PROBE_ADDRESS = "success+outreach-probe@simulator.amazonses.com"
"""SES's own mailbox: it takes any mail, also in the SES sandbox, and counts towards no rate of the account.
"""
SELDOM = PATIENCE
"""At most one probe in so long, however many claims are unresolved."""
_TRIED_AT = "tried_at"
_PROBED_AT = "probed_at"
"""The last probe: rows hold no other that were written when one probe was enough."""
_PROBES = "probes"


class FeedbackEvidence:
    """Implements the port Evidence."""

    def __init__(
        self, client: DynamoDBClient, table: str, *, marks: FeedbackMarks, mailer: SesMailer
    ) -> None:
        self._client = client
        self._table = table
        self._marks = marks
        self._mailer = mailer

    def health(self) -> FeedbackHealth:
        """What has come in, and when SES took the last probes."""
        answer = self._client.get_item(TableName=self._table, Key=keys.probe(), ConsistentRead=True)
        return replace(self._marks.health(), probes=_probes_of(answer.get("Item", {})))

    def slots_between(self, first: datetime, last: datetime) -> frozenset[Slot]:
        """The slots in which something was reported, of those that begin from `first` to `last`."""
        return self._marks.slots_between(first, last)

    def probe(self, now: datetime) -> None:
        """Send a probe, unless another process did shortly before.

        One that was refused for now is no probe: nothing can be reported of it. One that SES will never take
        counts as unanswered, or a claim would stay unresolved permanently.
        """
        row = self._take_right_to_probe(now)
        if row is None:
            return
        try:
            self._mailer.probe(PROBE_ADDRESS)
        except SendImpossibleError:
            pass  # refused whenever it is tried
        except SendRefusedError:
            return
        probes = [*_probes_of(row), now][-MOST_PROBES:]
        change = Change()
        change.set(number(milliseconds(now)), _PROBED_AT)
        change.set({"L": [number(milliseconds(each)) for each in probes]}, _PROBES)
        self._client.update_item(**change.update(self._table, keys.probe()))

    def _take_right_to_probe(self, now: datetime) -> Item | None:
        """The row, if no process probes or has probed shortly before."""
        change = Change()
        at = change.path(_TRIED_AT)
        long_ago = change.value(number(milliseconds(now - SELDOM)))
        change.require(f"(attribute_not_exists({at}) OR {at} <= {long_ago})")
        change.set(number(milliseconds(now)), _TRIED_AT)
        update = change.update(self._table, keys.probe())
        with refused_when_conditions_fail():
            return self._client.update_item(**update, ReturnValues="ALL_NEW")["Attributes"]
        return None


def _probes_of(row: Item) -> tuple[datetime, ...]:
    if _PROBES in row:
        return tuple(instant(int(each["N"])) for each in row[_PROBES]["L"])
    return (instant(int(row[_PROBED_AT]["N"])),) if _PROBED_AT in row else ()
