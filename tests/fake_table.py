"""The table in memory: every port that stores, over one set of rows, under the real conditions.

More than 250 lines: the ports of the table share one state.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from fake_customer_records import FakeCustomerRecords
from fake_erasable_records import FakeErasableRecords
from fake_feedback import FakeAddresses, FakeSendingStateRows
from fake_pages import FakePages
from outreach.domain.errors import ConflictError, UnknownEnrollmentError, UnknownSendError
from outreach.domain.feedback.suppression import SuppressionApplied
from outreach.domain.feedback.survey import Answer, Question
from outreach.domain.intake.customer import Customer
from outreach.domain.intake.event import Event
from outreach.domain.intake.event_effects import Intake, Outcome
from outreach.domain.intake.order import Order
from outreach.domain.intake.repeats import StoredEvent, stored_event_of
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId
from outreach.domain.journeys.hash_share import shard_of
from outreach.domain.sending.breaker import Breaker
from outreach.domain.sending.send import Send, SendId, SendStatus
from outreach.ports.sending import Claim
from outreach.ports.sweeps import EnrollmentSnapshot


class FakeTable(FakePages):
    """Implements every port that stores: Customers, SnapshotReader, Enrollments, IntakeStore, Ledger, ..."""

    def __init__(self, *, shards: int = 4) -> None:
        super().__init__(shards=shards)
        self.customers: dict[str, Customer] = {}
        self.orders: dict[tuple[str, str], Order] = {}
        self.events: dict[tuple[str, str], datetime] = {}
        """Per event, when its record expires."""
        self.stored_events: dict[tuple[str, str], StoredEvent] = {}
        self.enrollments: dict[EnrollmentId, Enrollment] = {}
        self.runs: dict[tuple[EnrollmentId, int], Enrollment] = {}
        """Runs that a newer one replaced."""
        self.answers: dict[Question, Answer] = {}
        self.unmatched: dict[SendId, datetime] = {}
        """Sends that a replayed report named and that no run in the table has."""
        self.ever_swept: set[str] = set()
        self.addresses = FakeAddresses()
        self.erasable_records = FakeErasableRecords(self)
        self.records = FakeCustomerRecords(self)
        self.state_store = FakeSendingStateRows()

    # Customers

    def customer(self, customer_id: str) -> Customer:
        return self.customers.get(customer_id, Customer(customer_id))

    def order(self, customer_id: str, order_id: str) -> Order | None:
        return self.orders.get((customer_id, order_id))

    def orders_of(self, customer_id: str) -> Sequence[Order]:
        return [order for (whose, _), order in sorted(self.orders.items()) if whose == customer_id]

    def stored_event(self, customer_id: str, event_id: str) -> StoredEvent | None:
        return self.stored_events.get((customer_id, event_id))

    # StoppedCustomers

    def save_stops(self, customer: Customer) -> None:
        known = self.customer(customer.id)
        if known.version != customer.version:
            raise ConflictError("the customer changed since it was read")
        self.customers[customer.id] = replace(known, stops=customer.stops, version=known.version + 1)

    # SurveyAnswers

    def answer(self, question: Question) -> Answer | None:
        return self.answers.get(question)

    def keep(self, question: Question, known: Answer | None, answer: Answer) -> None:
        if self.answers.get(question) != known:
            raise ConflictError("the answer changed since it was read")
        if self.customer(question.customer_id).erased_at is not None:
            raise ConflictError("the customer was erased since it was read")
        self.answers[question] = answer

    # SnapshotReader

    def read(
        self, enrollment_id: EnrollmentId, *, order_id: str | None = None, properties_of: int | None = None
    ) -> EnrollmentSnapshot:
        return self._snapshot(self.get(enrollment_id))

    def read_all(self, enrollment_ids: Sequence[EnrollmentId]) -> tuple[EnrollmentSnapshot, ...]:
        rows = [self.enrollments[each] for each in enrollment_ids if each in self.enrollments]
        return tuple(self._snapshot(row) for row in rows)

    def _snapshot(self, row: Enrollment) -> EnrollmentSnapshot:
        customer_id, order_id = row.id.customer_id, row.trigger.order_id
        order = None if order_id is None else self.order(customer_id, order_id)
        return EnrollmentSnapshot(row, self.customer(customer_id), order)

    # Enrollments

    def get(self, enrollment_id: EnrollmentId) -> Enrollment:
        try:
            return self.enrollments[enrollment_id]
        except KeyError:
            raise UnknownEnrollmentError(f"no such enrollment in campaign {enrollment_id.campaign}") from None

    def of_customer(self, customer_id: str) -> Mapping[EnrollmentId, Enrollment]:
        return {
            key: row
            for key, row in sorted(self.enrollments.items(), key=_place)
            if key.customer_id == customer_id
        }

    def save(self, enrollment: Enrollment) -> Enrollment:
        self._check_saved(enrollment)
        self._put(enrollment)
        return replace(enrollment, version=enrollment.version + 1)

    def due(self, campaign: str, shard: int, now: datetime, limit: int) -> tuple[EnrollmentId, ...]:
        found = [
            (row.due_at, key.customer_id, key.key, key)
            for key, row in self.enrollments.items()
            if row.swept and row.is_active and row.due_at is not None and row.due_at <= now
            if key.campaign == campaign and shard_of(key.customer_id, self._shards) == shard
        ]
        return tuple(key for *_, key in sorted(found, key=lambda each: each[:3])[:limit])

    # DueShards

    def first_due(self, campaign: str) -> dict[int, datetime]:
        waits = [
            (shard_of(key.customer_id, self._shards), row.due_at)
            for key, row in self.enrollments.items()
            if row.swept and row.is_active and row.due_at is not None and key.campaign == campaign
        ]
        return {shard: min(at for other, at in waits if other == shard) for shard, _ in waits}

    def next_due(self, campaign: str, shard: int, after: datetime) -> datetime | None:
        waits = (
            row.due_at
            for key, row in self.enrollments.items()
            if row.swept and row.is_active and row.due_at is not None and row.due_at > after
            if key.campaign == campaign and shard_of(key.customer_id, self._shards) == shard
        )
        return min(waits, default=None)

    # SweptCampaigns

    def swept_campaigns(self) -> frozenset[str]:
        return frozenset(self.ever_swept)

    def remember_swept(self, names: Collection[str]) -> None:
        self.ever_swept |= set(names)

    # IntakeStore

    def store(
        self, event: Event, intake: Intake, *, expires_at: datetime, known: StoredEvent | None = None
    ) -> None:
        if intake.outcome is Outcome.ERASED:
            return
        customer, order, said_by = intake.customer, intake.order, event.customer.id
        stored = self.customer(customer.id)
        before = self.stored_event(said_by, event.id)
        if (None if before is None else before.unevaluated) != (None if known is None else known.unevaluated):
            raise ConflictError("the event was stored before")
        if stored.version != customer.version:
            raise ConflictError("the customer changed since it was read")
        if order is not None and _version(self.order(said_by, order.id)) != order.version:
            raise ConflictError("the order changed since it was read")
        replaced = {run.id: run for run in intake.archived}
        for enrollment in intake.changed:
            self._check_saved(enrollment, replaces=replaced.get(enrollment.id))
        if intake.suppression_applied is not None:
            self._note_sharing(intake.suppression_applied)
            self.addresses.relink(intake.suppression_applied, customer.id)

        self.events[said_by, event.id] = expires_at
        self.stored_events[said_by, event.id] = stored_event_of(event, intake.unevaluated)
        self.customers[customer.id] = _after_intake(
            stored, customer, suppression_applied=intake.suppression_applied is not None
        )
        if order is not None:
            self.orders[said_by, order.id] = replace(order, version=order.version + 1)
        for enrollment in intake.changed:
            self._put(enrollment)
        for run in intake.archived:
            self.runs[run.id, run.run] = replace(run, version=run.version + 1)

    # Ledger

    def claim(self, claim: Claim) -> Enrollment:
        moved, step = claim.enrollment, claim.send_id.step
        stored, customer = self.enrollments.get(moved.id), self.customer(claim.customer.id)
        if stored is None or stored.version != moved.version or not stored.is_active:
            raise ConflictError("the enrollment changed since it was read")
        before = stored.sends.get(step)
        if before is not None and before.status is not SendStatus.DEFERRED:
            raise ConflictError("the send was claimed before")
        if customer.suppression is not None or customer.erased_at is not None:
            raise ConflictError("the customer must not be mailed")
        if customer.is_stopped(claim.send_id.campaign):
            raise ConflictError("an operator stopped the customer")
        if customer.profile.email is None or customer.profile.email != claim.customer.profile.email:
            raise ConflictError("the customer has another address by now")
        if moved.waiting is not None and customer.version != claim.customer.version:
            raise ConflictError("an event came since the wait was judged")
        if claim.topic is not None:
            if not customer.wants_marketing or claim.topic in customer.topics_off:
                raise ConflictError("the customer does not want it")
            if customer.claims != claim.customer.claims:
                raise ConflictError("another marketing send was claimed meanwhile")
            if claim.address is not None:
                self.addresses.raise_version(claim.address)
            self.customers[customer.id] = replace(
                customer, mailed_at=claim.mailed_at, claims=customer.claims + 1
            )
        claimed = replace(moved, sends={**stored.sends, step: moved.sends[step]}, version=moved.version + 1)
        self.enrollments[moved.id] = claimed
        return replace(moved, version=moved.version + 1)

    def record(self, enrollment: Enrollment, step: str, send: Send) -> Enrollment:
        stored = self._run(enrollment.id, enrollment.run)
        known = stored.sends.get(step)
        if known is None:
            raise ConflictError(f"the send of step {step} could not be recorded: nobody claimed it")
        further = send if send.status.rank > known.status.rank else known
        sends = {**stored.sends, step: further}
        if stored.version == enrollment.version:
            self.enrollments[enrollment.id] = replace(enrollment, sends=sends, version=stored.version + 1)
            return replace(enrollment.with_send(step, further), version=stored.version + 1)
        return self._keep_run(replace(stored, sends=sends))

    def free_place(self, customer_id: str, at: datetime) -> None:
        customer = self.customer(customer_id)
        if at in customer.mailed_at:
            left = tuple(each for each in customer.mailed_at if each != at)
            self.customers[customer_id] = replace(customer, mailed_at=left, claims=customer.claims + 1)

    def reopen(self, enrollment: Enrollment, steps: Collection[str]) -> Enrollment:
        stored = self.enrollments.get(enrollment.id)
        if stored is None or stored.version != enrollment.version:
            raise ConflictError("the enrollment changed since it was read")
        if any(stored.sends[step].status not in {SendStatus.FAILED, SendStatus.UNKNOWN} for step in steps):
            raise ConflictError("the send has not failed")
        sends = {**stored.sends, **{step: enrollment.sends[step] for step in steps}}
        again = replace(enrollment, sends=sends, version=enrollment.version + 1)
        self.enrollments[enrollment.id] = again
        return again

    # DeliveryLedger

    def sent(self, send_id: SendId) -> Send:
        try:
            run = self._run(EnrollmentId(send_id.customer_id, send_id.campaign, send_id.key), send_id.run)
            return run.sends[send_id.step]
        except (UnknownEnrollmentError, KeyError):
            raise UnknownSendError(f"no send of step {send_id.step}") from None

    def sent_many(self, send_ids: Sequence[SendId]) -> dict[SendId, Send]:
        found = {}
        for send_id in send_ids:
            with suppress(UnknownSendError):
                found[send_id] = self.sent(send_id)
        return found

    def move(self, send_id: SendId, known: Send, told: Send, *, breaker: Breaker | None = None) -> None:
        run = self._run(EnrollmentId(send_id.customer_id, send_id.campaign, send_id.key), send_id.run)
        stored = run.sends[send_id.step]
        if (stored.status, stored.reason) != (known.status, known.reason):
            raise ConflictError("the send changed since it was read")
        if breaker is not None:
            self.state_store.count(breaker)
        self._keep_run(run.with_send(send_id.step, told))

    def newest_arrival(self, customer_id: str) -> datetime | None:
        runs = [*self.enrollments.values(), *self.runs.values()]
        sends = [send for run in runs if run.id.customer_id == customer_id for send in run.sends.values()]
        return max((send.at for send in sends if send.status.arrived), default=None)

    # RestoredSends

    def restore(self, enrollment: Enrollment, step: str, customer: Customer | None) -> None:
        stored = self.enrollments[enrollment.id]
        if stored.version != enrollment.version or step in stored.sends:
            raise ConflictError("the enrollment changed since it was read")
        if customer is not None:
            known = self.customer(customer.id)
            if known.claims != customer.claims:
                raise ConflictError("the customer changed since they were read")
            mailed_at = tuple(sorted({*customer.mailed_at, enrollment.sends[step].at}))
            self.customers[customer.id] = replace(known, mailed_at=mailed_at, claims=known.claims + 1)
        sends = {**stored.sends, step: enrollment.sends[step]}
        self.enrollments[enrollment.id] = replace(enrollment, sends=sends, version=enrollment.version + 1)

    def note_unmatched(self, send_id: SendId, now: datetime) -> None:
        self.unmatched[send_id] = now

    # For tests: what other parts of the product would have stored

    def know(self, *customers: Customer) -> None:
        """Store customers exactly as given: topics, suppression and the sends under the cap included."""
        self.customers.update({customer.id: customer for customer in customers})

    def know_order(self, customer_id: str, order: Order) -> None:
        self.orders[customer_id, order.id] = order

    def _note_sharing(self, suppression_applied: SuppressionApplied) -> None:
        """Checks everything before anything is stored."""
        if (
            suppression_applied.taken is not None
            and self.addresses.known(suppression_applied.taken).version != suppression_applied.version
        ):
            raise ConflictError("the address changed since it was read")
        for other in suppression_applied.to_note:
            stored = self.customer(other.id)
            if (stored.version, stored.claims) != (other.version, other.claims):
                raise ConflictError("another customer of the address changed since they were read")
        for other in suppression_applied.to_note:
            stored = self.customer(other.id)
            self.customers[other.id] = replace(
                stored,
                address_id=suppression_applied.taken,
                shares_address=True,
                claims=stored.claims + 1,
                version=stored.version + 1,
            )

    def _check_saved(self, enrollment: Enrollment, *, replaces: Enrollment | None = None) -> None:
        stored = self.enrollments.get(enrollment.id)
        if (0 if stored is None else stored.version) != enrollment.version:
            raise ConflictError("the enrollment changed since it was read")
        if stored is None:
            return
        if replaces is not None and stored.sends != replaces.sends:
            raise ConflictError("feedback said more of the run that is being replaced")
        for step, send in enrollment.sends.items():
            known = stored.sends.get(step)
            if not send.status.went_out and (known is None or known.status.rank > send.status.rank):
                raise ConflictError("feedback said more of a send, or nobody claimed it")

    def _put(self, enrollment: Enrollment) -> None:
        stored = self.enrollments.get(enrollment.id)
        sends = dict(enrollment.sends)
        if stored is not None and sends:
            told = {step: send for step, send in sends.items() if not send.status.went_out}
            sends = {**stored.sends, **told}
        self.enrollments[enrollment.id] = replace(enrollment, sends=sends, version=enrollment.version + 1)

    def _run(self, enrollment_id: EnrollmentId, run: int) -> Enrollment:
        for row in (self.enrollments.get(enrollment_id), self.runs.get((enrollment_id, run))):
            if row is not None and row.run == run:
                return row
        raise UnknownEnrollmentError(f"no run {run} of this enrollment in campaign {enrollment_id.campaign}")

    def _keep_run(self, row: Enrollment) -> Enrollment:
        if self.enrollments[row.id].run == row.run:
            self.enrollments[row.id] = row
        else:
            self.runs[row.id, row.run] = row
        return row


def _after_intake(known: Customer, said: Customer, *, suppression_applied: bool) -> Customer:
    """An intake owns neither topics nor sends under the cap, and suppression only after a lookup."""
    erased = said.erased_at is not None
    return replace(
        said,
        topics_off=frozenset() if erased else known.topics_off,
        suppression=said.suppression if suppression_applied else known.suppression,
        address_id=None if erased else (said if suppression_applied else known).address_id,
        shares_address=not erased and (said if suppression_applied else known).shares_address,
        mailed_at=() if erased else known.mailed_at,
        stops=known.stops,
        claims=known.claims,
        version=said.version + 1,
    )


def _version(order: Order | None) -> int:
    return 0 if order is None else order.version


def _place(row: tuple[EnrollmentId, Enrollment]) -> tuple[str, str]:
    return row[0].campaign, row[0].key
