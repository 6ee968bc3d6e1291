"""The operators' use cases for one stack."""

from pathlib import Path
from typing import TYPE_CHECKING

from outreach.adapters.bundles.bundle_store import S3BundleStore
from outreach.adapters.bundles.newest_bundles import NewestBundles
from outreach.adapters.bundles.publications import DynamoPublications
from outreach.adapters.bundles.published_campaigns import PublishedCampaigns
from outreach.adapters.campaign_files.deployed_campaigns import BundledCampaigns
from outreach.adapters.dynamodb import DynamoTable
from outreach.adapters.dynamodb.secrets import DynamoSecrets
from outreach.adapters.dynamodb.sending.sending_state import DynamoSendingState
from outreach.adapters.events.envelope.address import mailable
from outreach.adapters.ssm.secrets import SsmSecrets
from outreach.adapters.stepfunctions.workflows import StepFunctionsWorkflows
from outreach.adapters.system_clock import SystemClock
from outreach.usecases.operations.show_customer import ShowCustomer
from outreach.usecases.operations.stop_customer import StopCustomer

if TYPE_CHECKING:
    from outreach.domain.feedback.suppression import KnownAddress
    from outreach_tools.cli.stack import Stack

_NO_FOLDER = Path("no templates folder")


class CustomerDesk:
    """The use cases of operators and support."""

    def __init__(self, stack: "Stack") -> None:
        """Raises KeyError for a stack that lacks an output."""
        self._stack = stack
        self._clock = SystemClock()
        client, name = stack.client("dynamodb"), stack.outputs["TableName"]
        rows = DynamoSecrets(client, name)
        secrets = SsmSecrets(stack.client("ssm"), stack.outputs["SecretsPath"], rows=rows)
        self.table = DynamoTable(
            client,
            name,
            shards=int(stack.outputs["DueShards"]),
            address_secret=lambda: secrets.get_or_create("addresses"),
        )
        self._publications = DynamoPublications(client, name)
        self._switch = DynamoSendingState(client, name, clock=self._clock)

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
            switch=self._switch,
        )

    def stop(self) -> StopCustomer:
        """Raises KeyError for a stack that lacks an output."""
        arn = self._stack.outputs["JourneyStateMachineArn"]
        workflows = StepFunctionsWorkflows(self._stack.client("stepfunctions"), state_machine_arn=arn)
        return StopCustomer(
            customers=self.table.customers,
            enrollments=self.table.enrollments,
            workflows=workflows,
            clock=self._clock,
        )

    @property
    def clock(self) -> SystemClock:
        return self._clock

    def campaigns(self, templates: Path | None) -> PublishedCampaigns:
        """Those that are published; `templates` as for `show`."""

        def store() -> S3BundleStore:
            return S3BundleStore(self._stack.client("s3"), self._stack.outputs["TemplateBucketName"])

        newest = NewestBundles(self._publications, store, clock=self._clock, on_refused=_ignore)
        return PublishedCampaigns(
            newest,
            BundledCampaigns(templates or _NO_FOLDER),
            store,
            clock=self._clock,
            check_expression=lambda _: None,
            on_refused=_ignore,
        )


def _ignore(*_: object) -> None:
    """A version that cannot be read: then it is unknown which message is next."""
