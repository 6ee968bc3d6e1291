"""The operators' use cases for one stack."""

from pathlib import Path
from typing import TYPE_CHECKING

from outreach.adapters.bundles.bundle_store import S3BundleStore
from outreach.adapters.bundles.newest_bundles import NewestBundles
from outreach.adapters.bundles.published_campaigns import PublishedCampaigns
from outreach.adapters.campaign_files.deployed_campaigns import BundledCampaigns
from outreach.adapters.events.envelope.address import mailable
from outreach.adapters.system_clock import SystemClock
from outreach.usecases.operations.show_customer import ShowCustomer
from outreach.usecases.operations.stop_customer import StopCustomer, allow_customer
from outreach_tools.wiring import Stack, for_stack

if TYPE_CHECKING:
    from outreach.domain.feedback.suppression import KnownAddress
    from outreach.domain.intake.customer import Customer

_NO_FOLDER = Path("no templates folder")


class CustomerDesk:
    """The use cases of operators and support."""

    def __init__(self, stack: Stack) -> None:
        """Raises KeyError for a stack that lacks an output."""
        self._adapters = for_stack(stack)
        self.table = self._adapters.table

    def at_address(self, address: str) -> "tuple[KnownAddress, tuple[str, ...]]":
        """The status of an address, and its customers. Raises ValueError for an invalid address."""
        address_id = self.table.addresses.id_of(mailable(address))
        return self.table.addresses.known(address_id), self.table.addresses.customers(address_id)

    def show(self, templates: Path | None) -> ShowCustomer:
        """`templates`, if there is one, holds the campaigns that the stack was deployed with."""
        return ShowCustomer(
            records=self.table.customer_records,
            addresses=self.table.addresses,
            campaigns=self.campaigns(templates),
            switch=self._adapters.sending_state,
        )

    def stop(self) -> StopCustomer:
        """Raises KeyError for a stack that lacks an output."""
        return StopCustomer(
            customers=self.table.customers,
            enrollments=self.table.enrollments,
            workflows=self._adapters.workflows,
            clock=self._adapters.clock,
        )

    def allow(self, customer_id: str, campaign: str, *, by: str) -> "Customer":
        """End a stop. Raises UnknownCustomerError and ConflictError."""
        return allow_customer(
            customer_id, campaign, by=by, customers=self.table.customers, clock=self._adapters.clock
        )

    @property
    def clock(self) -> SystemClock:
        return self._adapters.clock

    def campaigns(self, templates: Path | None) -> PublishedCampaigns:
        """Those that are published; `templates` as for `show`."""

        def store() -> S3BundleStore:
            return self._adapters.bundle_store

        newest = NewestBundles(
            self._adapters.publications, store, clock=self._adapters.clock, on_refused=_ignore
        )
        return PublishedCampaigns(
            newest,
            BundledCampaigns(templates or _NO_FOLDER),
            store,
            clock=self._adapters.clock,
            check_expression=lambda _: None,
            on_refused=_ignore,
        )


def _ignore(*_: object) -> None:
    """A version that cannot be read: then it is unknown which message is next."""
