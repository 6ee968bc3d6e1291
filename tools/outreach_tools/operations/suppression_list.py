"""The suppression list of a stack for operators: by address, or by the hash that is shown.

An event on the stack's own bus reports a change to intake, which ends what waits for the address's customers.
"""

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from outreach.adapters.events.envelope.address import mailable
from outreach.usecases.feedback.lift_suppression import lift_suppression
from outreach.usecases.feedback.suppress_address import SuppressAddress
from outreach_tools.wiring import Stack, for_stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.domain.feedback.suppression import KnownAddress
    from outreach.domain.intake.customer import SuppressionReason
    from outreach.domain.intake.event import Event

SOURCE = "outreach.suppressions"
"""Events of the source `outreach` are its own announcements, which intake does not read."""
_ADDRESS_ID = re.compile(r"[0-9a-f]{64}")


class SuppressionList:
    """One stack's list."""

    def __init__(self, stack: Stack) -> None:
        """Raises KeyError for a stack that lacks an output."""
        adapters = for_stack(stack)
        self._addresses = adapters.table.addresses
        self._events = stack.client("events")
        self._bus = adapters.output("BusName")
        self._suppress = SuppressAddress(addresses=self._addresses, tell=self._tell, clock=adapters.clock)

    def id_of(self, address: str) -> str:
        """Of an address, or of a hash from the list. Raises ValueError for anything else."""
        if _ADDRESS_ID.fullmatch(address):
            return address
        return self._addresses.id_of(mailable(address))

    def all(self) -> "Iterator[KnownAddress]":
        """Every address that is suppressed now; reads the whole table."""
        return self._addresses.suppressed()

    def known(self, address_id: str) -> "KnownAddress":
        return self._addresses.known(address_id)

    def add(
        self, address_id: str, reason: "SuppressionReason", source: str, at: datetime | None = None
    ) -> "KnownAddress":
        """Suppress it, and end what waits for its customers."""
        since = at or self._suppress.clock.now()
        return self._suppress(address_id, lambda status: status.marked(reason, since, source))

    def remove(self, address_id: str) -> "KnownAddress":
        """Let it be mailed again."""
        return lift_suppression(address_id, suppress=self._suppress)

    def _tell(self, event: "Event") -> None:
        customer: dict[str, Any] = {"id": event.customer.id}
        consent = event.customer.consent
        if consent is not None:
            customer["consent"] = {
                "marketing": consent.marketing,
                "source": consent.source,
                "at": consent.at.isoformat(),
            }
        detail = {
            "event_id": event.id,
            "occurred_at": event.occurred_at.isoformat(),
            "customer": customer,
        }
        entry = {
            "Source": SOURCE,
            "DetailType": event.name,
            "Detail": json.dumps(detail),
            "EventBusName": self._bus,
        }
        answer = self._events.put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            raise NotToldError(answer["Entries"][0]["ErrorCode"])


class NotToldError(Exception):
    """The bus refused the event: the address is suppressed, intake does not know yet. Run it again."""
