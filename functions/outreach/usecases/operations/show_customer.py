"""Show a customer: identity, consent, messages, and what is next."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.domain.errors import OutreachError, UnknownCustomerError
from outreach.domain.operations.run_report import RunReport, report_run
from outreach.domain.sending.send import SendId, SendStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from outreach.domain.feedback.suppression import KnownAddress
    from outreach.domain.intake.customer import Customer
    from outreach.domain.journeys.campaign import Campaign
    from outreach.domain.journeys.enrollment import Enrollment
    from outreach.domain.sending.page import Receipt
    from outreach.domain.sending.sending_state import SendingState
    from outreach.ports.feedback import Addresses
    from outreach.ports.journeys import Campaigns
    from outreach.ports.operations import CampaignSwitch, CustomerRecord, CustomerRecords


@dataclass(frozen=True, slots=True)
class CustomerReport:
    """Everything on record of one customer."""

    customer: Customer
    address: KnownAddress | None
    """The status of the customer's address; None when they have none."""
    others: tuple[str, ...]
    """Other customers who have the same address."""
    runs: tuple[RunReport, ...]
    """Active ones first, then the newest first."""
    sending: SendingState
    """What is paused now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCustomer:
    """The use case with its ports. It reads, and changes nothing."""

    records: CustomerRecords
    addresses: Addresses
    campaigns: Campaigns
    switch: CampaignSwitch

    def __call__(self, customer_id: str) -> CustomerReport:
        """Look up one customer by id. Raises UnknownCustomerError."""
        record = self.records.record(customer_id)
        customer = record.customer
        if customer.version == 0:
            raise UnknownCustomerError("no event has named this customer")
        address: KnownAddress | None = None
        others: tuple[str, ...] = ()
        if customer.profile.email is not None:
            address_id = customer.address_id or self.addresses.id_of(customer.profile.email)
            address = self.addresses.known(address_id)
            others = tuple(each for each in self.addresses.customers(address_id) if each != customer_id)
        return CustomerReport(customer, address, others, self._runs(record), self.switch.sending())

    def _runs(self, record: CustomerRecord) -> tuple[RunReport, ...]:
        runs = sorted(
            (*record.newest, *record.earlier),
            key=lambda each: (each.is_active, each.started_at),
            reverse=True,
        )
        claimed = {
            run.send_id(step): send
            for run in runs
            for step, send in run.sends.items()
            if send.status is SendStatus.CLAIMED
        }
        receipts = self.records.receipts(claimed) if claimed else {}
        return tuple(report_run(run, _of_run(run, receipts), self._campaign(run)) for run in runs)

    def _campaign(self, run: Enrollment) -> Campaign | None:
        """The version that the run is pinned to; None if it is over, or nothing has that version."""
        if run.is_active:
            with suppress(OutreachError):
                campaign = self.campaigns.pinned(run.id.campaign, run.bundle)
                return campaign if campaign.version == run.bundle else None
        return None


def _of_run(run: Enrollment, receipts: Mapping[SendId, Receipt]) -> dict[str, Receipt]:
    return {step: receipts[run.send_id(step)] for step in run.sends if run.send_id(step) in receipts}
