"""The ports of feedback: addresses, sends, the breaker, evidence, survey answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from outreach.domain.feedback.health import FeedbackHealth, Slot
    from outreach.domain.feedback.report import ReportSource
    from outreach.domain.feedback.suppression import KnownAddress
    from outreach.domain.feedback.survey import Answer as SurveyAnswer
    from outreach.domain.feedback.survey import Question
    from outreach.domain.sending.breaker import Breaker
    from outreach.domain.sending.send import Send, SendId


class SurveyAnswers(Protocol):
    """Stores the newest answer to each question."""

    def answer(self, question: Question) -> SurveyAnswer | None:
        """Always the newest; None when there is none yet."""
        ...

    def keep(self, question: Question, known: SurveyAnswer | None, answer: SurveyAnswer) -> None:
        """Store it in the place of `known`.

        Raises ConflictError when the answer changed since it was read, or the customer was erased.
        """
        ...


class Evidence(Protocol):
    """Reports whether SES's reports of sent messages are coming in."""

    def health(self) -> FeedbackHealth:
        """What has come in, and what was probed."""
        ...

    def slots_between(self, first: datetime, last: datetime) -> frozenset[Slot]:
        """The slots in which something was reported, of those that begin from `first` to `last`."""
        ...

    def probe(self, now: datetime) -> None:
        """Send a message that will be reported, unless one was sent shortly before."""
        ...


class Addresses(Protocol):
    """Stores the status of each address, independently of its customers."""

    def id_of(self, address: str) -> str:
        """A keyed hash: the same for the same address, and it reveals nothing."""
        ...

    def known(self, address_id: str) -> KnownAddress:
        """Always the newest; an address without reports is empty, of version 0."""
        ...

    def with_customers(self, address_id: str, most: int) -> tuple[KnownAddress, tuple[str, ...]]:
        """The address, and with it at most so many of the customers who have it, always the newest."""
        ...

    def soft_bounced(self, address_ids: Iterable[str]) -> frozenset[str]:
        """Which of these have soft bounces that still count."""
        ...

    def save(self, known: KnownAddress) -> None:
        """Raises ConflictError when it changed since it was read."""
        ...

    def customers(self, address_id: str) -> tuple[str, ...]:
        """All customers who have this address now."""
        ...


class DeliveryLedger(Protocol):
    """The sends as feedback sees them."""

    def sent(self, send_id: SendId) -> Send:
        """As it is known now, whatever its enrollment's state. Raises UnknownSendError."""
        ...

    def sent_many(self, send_ids: Sequence[SendId]) -> Mapping[SendId, Send]:
        """Many at once; those that the ledger does not have are left out."""
        ...

    def move(self, send_id: SendId, known: Send, told: Send, *, breaker: Breaker | None = None) -> None:
        """Store what is known now; with a breaker, both or neither.

        Raises ConflictError when the send, or the breaker's count, changed since it was read.
        """
        ...

    def newest_arrival(self, customer_id: str) -> datetime | None:
        """When the newest message that reached this customer was sent; None when none did."""
        ...


class BreakerStore(Protocol):
    """Stores the breaker's count."""

    def breaker(self) -> Breaker:
        """As it is now."""
        ...

    def count(self, breaker: Breaker) -> None:
        """Raises ConflictError when the count changed since it was read."""
        ...


class FeedbackMarks(Protocol):
    """Stores how the reports of each source come in: marks, slots and backlogs."""

    def health(self) -> FeedbackHealth:
        """All but the probes."""
        ...

    def rise(self, source: ReportSource, sent_at: datetime, now: datetime) -> None:
        """Raise the source's mark to this instant; a mark that is as high, or hardly lower, stays."""
        ...

    def note_slots(self, slots: Collection[Slot]) -> None:
        """Record that something was reported in each of these slots."""
        ...

    def slots_between(self, first: datetime, last: datetime) -> frozenset[Slot]:
        """The slots in which something was reported, of those that begin from `first` to `last`."""
        ...

    def note_behind(self, now: datetime) -> None:
        """Record that reports from a backlog are being taken in."""
        ...
