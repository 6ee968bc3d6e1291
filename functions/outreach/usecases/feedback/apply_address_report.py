"""What feedback says of the address it is about: suppress it, count a soft bounce, or let it go on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from outreach.domain.feedback.address_effect import OptsOut, SoftBounces, Suppresses, address_effect
from outreach.domain.feedback.attribution import bounced_addresses, complaining_addresses
from outreach.domain.feedback.report import Bounced, Report, proven
from outreach.domain.feedback.suppression import AddressStatus
from outreach.domain.intake.customer import SuppressionReason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from outreach.domain.sending.send import Send
    from outreach.ports.feedback import DeliveryLedger
    from outreach.ports.intake import Customers
    from outreach.usecases.feedback.suppress_address import Change, SuppressAddress

SOURCE = "feedback"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyAddressReport:
    """The use case with its ports. Hearing the same report again finishes what a crash left undone."""

    ledger: DeliveryLedger
    customers: Customers
    suppress: SuppressAddress
    opt_out: Callable[[str, datetime, str | None], object]
    """Opts out a mailbox as of then, and the customer whose message it was, if known."""

    def __call__(self, report: Report, send: Send | None) -> bool:
        """Apply one report; say whether it could be attributed to an address, if it counts against one.

        `send` is what the ledger knows after it, None for a message that this product did not send.
        """
        match address_effect(report, send):
            case Suppresses(reason):
                return self._mark(report, reason, send)
            case SoftBounces() if send is not None:
                return self._soft_bounce(report, send)
            case OptsOut():
                return self._opt_out(report, send)
            case _:
                return True

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
            self.suppress(address_id, partial(AddressStatus.delivered, sent_at=arrived[address_id]))

    def _mark(self, report: Report, reason: SuppressionReason, send: Send | None) -> bool:
        """A complaint also reaches the customer of the message, whose address may be another one by now."""
        also: frozenset[str] = frozenset()
        if reason is SuppressionReason.COMPLAINT and send is not None and report.send_id is not None:
            also = frozenset({report.send_id.customer_id})
        at = report.feedback.at
        return self._apply_report(report, send, lambda status: status.marked(reason, at, SOURCE), also)

    def _opt_out(self, report: Report, send: Send | None) -> bool:
        """As pressing the button of the message does."""
        customer_id = None if send is None or report.send_id is None else report.send_id.customer_id
        concerned = self._concerned(report, send)
        for address_id in sorted(concerned):
            self.opt_out(address_id, report.feedback.at, customer_id)
        return bool(concerned)

    def _soft_bounce(self, report: Report, send: Send) -> bool:
        """Later messages may have arrived already; those that arrive after this find the soft bounce."""
        if report.send_id is None:
            return True
        arrived = self.ledger.newest_arrival(report.send_id.customer_id)

        def bounced(status: AddressStatus) -> AddressStatus:
            with_it = status.soft_bounced(report.message_id, report.sent_at)
            return with_it if arrived is None else with_it.delivered(arrived)

        return self._apply_report(report, send, bounced)

    def _apply_report(
        self, report: Report, send: Send | None, change: Change, also: frozenset[str] = frozenset()
    ) -> bool:
        concerned = self._concerned(report, send)
        for address_id in sorted(concerned):
            self.suppress(address_id, change, also=also)
        return bool(concerned)

    def _concerned(self, report: Report, send: Send | None) -> frozenset[str]:
        """The ids of the addresses that the report counts against.

        Where SES says neither to whom the message went nor who answered, the ledger still knows the customer:
        then it is the address that they have now.
        """
        id_of = self.suppress.addresses.id_of
        named = {id_of(address) for address in report.recipients}
        own = id_of(report.destination[0]) if len(report.destination) == 1 else None
        rule = bounced_addresses if isinstance(report.feedback, Bounced) else complaining_addresses
        concerned = rule(named, own)
        if concerned or send is None or report.send_id is None:
            return concerned
        email = self.customers.customer(report.send_id.customer_id).profile.email
        return frozenset() if email is None else frozenset({id_of(email)})
