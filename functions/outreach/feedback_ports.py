"""What listening to feedback needs of the world: addresses, sends, the breaker, the switch, the marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from outreach.domain.breaker import Breaker
    from outreach.domain.customer import Customer
    from outreach.domain.enrollment import Enrollment
    from outreach.domain.feedback import ReportSource
    from outreach.domain.feedback_health import FeedbackHealth, Slot
    from outreach.domain.sending import Pause, Sending
    from outreach.domain.sends import Send, SendId
    from outreach.domain.suppression import KnownAddress


class Addresses(Protocol):
    """Remembers what speaks against an address, whoever has it and however long."""

    def id_of(self, address: str) -> str:
        """A keyed hash: the same for the same address, and nothing can be read from it."""
        ...

    def known(self, address_id: str) -> KnownAddress:
        """Always the newest; one that nothing was heard of is empty, of version 0."""
        ...

    def with_customers(self, address_id: str, most: int) -> tuple[KnownAddress, tuple[str, ...]]:
        """The address, and after it at most so many of the customers who have it, always the newest."""
        ...

    def soft_bounced(self, address_ids: Iterable[str]) -> frozenset[str]:
        """Which of these have soft bounces that still count."""
        ...

    def save(self, known: KnownAddress) -> None:
        """Raises Conflict when it changed since it was read."""
        ...

    def customers(self, address_id: str) -> tuple[str, ...]:
        """Everybody who has this address now."""
        ...


class DeliveryLedger(Protocol):
    """The sends as feedback sees them."""

    def sent(self, send_id: SendId) -> Send:
        """As it is known now, whatever became of its enrollment. Raises UnknownSend."""
        ...

    def sent_together(self, send_ids: Sequence[SendId]) -> Mapping[SendId, Send]:
        """Many at once; those that the ledger does not know are left out."""
        ...

    def move(self, send_id: SendId, known: Send, told: Send, *, breaker: Breaker | None = None) -> None:
        """Store what is known now; with a breaker, both or neither.

        Raises Conflict when the send, or what the breaker counted, changed since it was read.
        """
        ...

    def newest_arrival(self, customer_id: str) -> datetime | None:
        """When the newest message that reached this customer was sent; None when none did."""
        ...


class RestoredSends(Protocol):
    """Writes sends that a restored table does not know."""

    def restore(self, enrollment: Enrollment, step: str, customer: Customer | None) -> None:
        """Store the enrollment with its send of the step; with a customer, the cap counts the send.

        Raises Conflict when the enrollment or the customer changed since they were read, or when the send
        is known.
        """
        ...

    def note_unmatched(self, send_id: SendId, now: datetime) -> None:
        """That the run of a message that went out is not in the table: for the operator."""
        ...


class BreakerBook(Protocol):
    """Keeps the breaker's count."""

    def breaker(self) -> Breaker:
        """As it is now."""
        ...

    def count(self, breaker: Breaker) -> None:
        """Raises Conflict when another counted since it was read."""
        ...


class SendingSwitch(Protocol):
    """Lets a person stop all mail, or marketing, and let it go on."""

    def sending(self) -> Sending:
        """As it is now."""
        ...

    def pause(self, pause: Pause) -> None:
        """A pause that was there before is replaced."""
        ...

    def resume(self, breaker: Breaker) -> None:
        """No pause, no outage, the breaker as given. Raises Conflict when it counted since it was read."""
        ...


class FeedbackMarks(Protocol):
    """Remembers how the reports of each source come in: marks, slots and backlogs."""

    def health(self) -> FeedbackHealth:
        """All but the probes."""
        ...

    def rise(self, source: ReportSource, sent_at: datetime, now: datetime) -> None:
        """Raise the source's mark to this moment; one that is as high, or hardly lower, stays."""
        ...

    def note_slots(self, slots: Collection[Slot]) -> None:
        """That in each of these something was reported."""
        ...

    def slots_between(self, first: datetime, last: datetime) -> frozenset[Slot]:
        """In which something was reported, of those that begin from `first` to `last`."""
        ...

    def note_behind(self, now: datetime) -> None:
        """That reports are taken in that lay in a backlog."""
        ...
