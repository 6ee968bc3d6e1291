"""The ports of intake: customers, the transaction of an event, announcements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from outreach.domain.feedback.survey import Answer as SurveyAnswer
    from outreach.domain.feedback.survey import Question
    from outreach.domain.intake.customer import Customer, Json
    from outreach.domain.intake.event import Event
    from outreach.domain.intake.event_effects import Intake
    from outreach.domain.intake.order import Order
    from outreach.domain.intake.repeats import StoredEvent
    from outreach.domain.journeys.enrollment import Enrollment


class Customers(Protocol):
    """Reads what is known of customers and their orders."""

    def customer(self, customer_id: str) -> Customer:
        """A customer without events is an empty one of version 0."""
        ...

    def order(self, customer_id: str, order_id: str) -> Order | None:
        """None when no event has mentioned it yet."""
        ...

    def orders_of(self, customer_id: str) -> Sequence[Order]:
        """All of them."""
        ...

    def stored_event(self, customer_id: str, event_id: str) -> StoredEvent | None:
        """What is known of the event that was taken in under this id; None when there was none."""
        ...


class IntakeStore(Protocol):
    """Stores all that one event changes, or nothing."""

    def store(
        self, event: Event, intake: Intake, *, expires_at: datetime, known: StoredEvent | None = None
    ) -> None:
        """One transaction. Raises ConflictError when any row changed since it was read.

        It also raises it for an event that was stored before, unless `known` is its record.
        """
        ...


class ErasableRecords(Protocol):
    """A customer's records beside the profile and the newest runs, for erasure."""

    def keep_of_order(self, customer_id: str, order: Order, left: Order | None) -> None:
        """Store what is left of an order; without anything left its row is deleted.

        Raises ConflictError when it changed since it was read.
        """
        ...

    def runs_of(self, customer_id: str) -> Sequence[Enrollment]:
        """All runs that a newer one replaced."""
        ...

    def drop_properties(self, run: Enrollment) -> None:
        """Delete the properties of its trigger, which lie apart; before the run says that it has none."""
        ...

    def keep_run(self, run: Enrollment) -> None:
        """Store such a run; its sends stay as they are.

        Raises ConflictError when it changed since it was read.
        """
        ...

    def drop_enrollment(self, enrollment: Enrollment) -> None:
        """Delete the row of a newest run. Raises ConflictError when it changed since it was read."""
        ...

    def drop_run(self, run: Enrollment) -> None:
        """Delete the row of a run that a newer one replaced."""
        ...

    def answers_of(self, customer_id: str) -> Mapping[Question, SurveyAnswer]:
        """All answers to surveys."""
        ...

    def drop_answer(self, question: Question, answer: SurveyAnswer) -> None:
        """Raises ConflictError when it changed since it was read."""
        ...


class Announcer(Protocol):
    """Puts events on the bus for people and other systems."""

    def announce(self, name: str, *, event_id: str, detail: Mapping[str, Json]) -> None:
        """`event_id` makes a repeat recognizable: announcing is at least once."""
        ...
