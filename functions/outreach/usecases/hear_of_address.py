"""What feedback says of the address it is about: suppress it, count a soft bounce, or let it go on."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from outreach.domain.customer import SuppressionReason
from outreach.domain.feedback import Bounced, BounceKind, Complained, Report, proven
from outreach.domain.sends import Send
from outreach.domain.suppression import Standing
from outreach.feedback_ports import DeliveryLedger
from outreach.usecases.suppress_address import Change, SuppressAddress

if TYPE_CHECKING:
    from datetime import datetime

SOURCE = "feedback"


@dataclass(frozen=True, slots=True, kw_only=True)
class HearOfAddress:
    """The use case with its ports. Hearing the same report again finishes what a crash left undone."""

    ledger: DeliveryLedger
    suppress: SuppressAddress

    def __call__(self, report: Report, send: Send | None) -> None:
        """Hear one report; `send` is what the ledger knows after it, None for a stranger's message.

        A stranger's hard bounce or complaint counts like any other; a soft bounce needs a send, because
        only that tells whether the message arrived after all.
        """
        feedback = report.feedback
        match feedback:
            case Complained() if feedback.is_complaint and len(report.recipients) == 1:
                # Of several recipients SES does not say which one complained.
                self._mark(report, SuppressionReason.COMPLAINT, send)
            case Bounced() if not feedback.counts_against_address:
                pass
            case Bounced(kind=BounceKind.PERMANENT):
                self._mark(report, SuppressionReason.HARD_BOUNCE, send)
            case Bounced() if send is not None and not send.status.arrived:
                self._soft_bounce(report)
            case _:
                pass

    def of_arrivals(self, reports: Iterable[Report]) -> None:
        """Messages that arrived end a row of soft bounces. One look finds the few addresses that have one."""
        arrived: dict[str, datetime] = {}
        for report in reports:
            proof = proven(report.feedback)
            if proof is not None and proof.status.arrived:
                for address in report.recipients:
                    address_id = self.suppress.addresses.id_of(address)
                    arrived[address_id] = max(arrived.get(address_id, report.sent_at), report.sent_at)
        for address_id in sorted(self.suppress.addresses.soft_bounced(arrived) if arrived else ()):
            self.suppress(address_id, partial(Standing.delivered, sent_at=arrived[address_id]))

    def _mark(self, report: Report, reason: SuppressionReason, send: Send | None) -> None:
        """A complaint also reaches the customer who was written to, should they have moved meanwhile."""
        also: frozenset[str] = frozenset()
        if reason is SuppressionReason.COMPLAINT and send is not None and report.send_id is not None:
            also = frozenset({report.send_id.customer_id})
        at = report.feedback.at
        self._hear(report, lambda standing: standing.marked(reason, at, SOURCE), also)

    def _soft_bounce(self, report: Report) -> None:
        """Later messages may have arrived already; those that arrive after this find the soft bounce."""
        if report.send_id is None:
            return
        arrived = self.ledger.newest_arrival(report.send_id.customer_id)

        def bounced(standing: Standing) -> Standing:
            with_it = standing.soft_bounced(report.message_id, report.sent_at)
            return with_it if arrived is None else with_it.delivered(arrived)

        self._hear(report, bounced)

    def _hear(self, report: Report, change: Change, also: frozenset[str] = frozenset()) -> None:
        for address in report.recipients:
            self.suppress(self.suppress.addresses.id_of(address), change, also=also)
