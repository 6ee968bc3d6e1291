"""Write down what was heard of an address, and tell everybody who has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.domain.feedback.suppression import AddressStatus, KnownAddress
from outreach.domain.intake.apply_suppression import suppression_event
from outreach.usecases.attempts import retry_on_conflict

if TYPE_CHECKING:
    from outreach.domain.intake.event import Event
    from outreach.ports.clock import Clock
    from outreach.ports.feedback import Addresses

type Change = Callable[[AddressStatus], AddressStatus]
"""What was heard; hearing it again changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppressAddress:
    """The use case with its ports. `tell` takes in one piece of news, as an event of a customer.

    Whether the address is suppressed after it follows from all that was ever heard: a delivery that is
    heard of late may free it. Calling it again finishes what a crash left undone.
    """

    addresses: Addresses
    tell: Callable[[Event], object]
    clock: Clock

    def __call__(
        self, address_id: str, change: Change, *, also: frozenset[str] = frozenset()
    ) -> KnownAddress:
        """Store the change, then tell the customers that have the address, and those in `also`.

        The news is told again each time, under the same id: whoever took it in before only looks whether
        anything is left to do. Raises ConflictError when races were lost again and again.
        """
        known = self._reported(address_id, change)
        if known.changes:
            for customer_id in sorted({*self.addresses.customers(address_id), *also}):
                self.tell(suppression_event(known, customer_id, self.clock.now()))
        return known

    def _reported(self, address_id: str, change: Change) -> KnownAddress:
        def store() -> KnownAddress:
            known = self.addresses.known(address_id)
            reported = known.reported(change(known.status))
            if reported != known:
                self.addresses.save(reported)
            return reported

        return retry_on_conflict(store, clock=self.clock, whose=address_id)
