"""What the messages around an unreported one show: those of its call, and those of pages before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from outreach.domain.feedback.health import SLOT_LENGTH, expected_slots, slot_start, was_unreported
from outreach.domain.sending.page import Outcome, Page
from outreach.domain.sending.unresolved_claim import GRACE, has_no_reports

if TYPE_CHECKING:
    from collections.abc import Mapping

    from outreach.domain.sending.send import Send, SendId
    from outreach.ports.feedback import DeliveryLedger, Evidence
    from outreach.ports.sweeps import PageLog

NEAR = timedelta(minutes=30)
"""What was sent so shortly before or after a message was reported under the same conditions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEvidence:
    """Shows whether the absence of a report, in one page, may mean that the message never went."""

    log: PageLog
    deliveries: DeliveryLedger
    evidence: Evidence

    def speaks_for_a_loss(self, page: Page, sends: Mapping[SendId, Send]) -> bool:
        """Whether the missing reports may have been lost; `sends` are those of the page as they are known."""
        return call_was_taken(page, sends) or self._lacks_reports_around(page)

    def _lacks_reports_around(self, page: Page) -> bool:
        """Whether a source reported nothing of five minutes in which, by receipts, SES took messages."""
        around = [
            each
            for each in (page, *self.log.neighbours(page, NEAR))
            if any(receipt.outcome is Outcome.SENT for receipt in each.receipts.values())
        ]
        if not around:
            return False
        since = self.evidence.health().since
        if expected := expected_slots((each.at for each in around), since):
            first, last = (slot_start(find(each.at for each in around)) for find in (min, max))
            return was_unreported(expected, self.evidence.slots_between(first, last + SLOT_LENGTH))
        # Sent before slots were kept.
        taken = tuple(
            send_id
            for each in around
            for send_id, receipt in each.receipts.items()
            if receipt.outcome is Outcome.SENT
        )
        return has_no_reports(self.deliveries.sent_many(taken).values())


def call_was_taken(page: Page, sends: Mapping[SendId, Send]) -> bool:
    """Whether SES reported a message of the page whose answer was lost with those of the others.

    What went later than any owner of the claims could live was sent again since, by another call.
    """
    return any(
        send.status.went_out and send_id not in page.receipts and page.at <= send.at < page.at + GRACE
        for send_id, send in sends.items()
    )
