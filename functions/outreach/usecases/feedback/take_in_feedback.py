"""Take in what came back about messages: how far each got, what that says of its address, and the breaker."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from typing import TYPE_CHECKING

from outreach.domain.errors import ConflictError, UnknownSendError
from outreach.domain.feedback.health import BACKLOG_WAIT, marks_of, slots_of
from outreach.domain.feedback.report import Report, after, is_negative, may_be_about
from outreach.domain.sending.breaker import NOTHING, Breaker, Tally, tally_of
from outreach.usecases.attempts import retry_on_conflict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from outreach.domain.sending.send import Send, SendId
    from outreach.ports.clock import Clock
    from outreach.ports.feedback import BreakerStore, DeliveryLedger, FeedbackMarks
    from outreach.usecases.feedback.apply_address_report import ApplyAddressReport
    from outreach.usecases.operations.restore_send import RestoreSend

ROUNDS_IN_A_STORM = 8
"""In a storm of bounces every function wants the breaker's one row, all the time."""
PATIENCE = timedelta(seconds=30)
"""Half of the function's time; what is not taken in by then comes back."""


@dataclass(slots=True)
class Digest:
    """What one batch came to."""

    until: datetime
    """When it takes in no more: the rest comes back."""
    failed: dict[int, Exception] = field(default_factory=dict)
    """By place in the batch: reports that must be taken in again later."""
    moved: int = 0
    """Sends that got further."""
    strangers: int = 0
    """Reports about messages that the ledger does not know."""
    ambiguous: list[Report] = field(default_factory=list)
    """Bounces and complaints that could not be attributed to an address: they suppress nothing."""
    uncounted: int = 0
    """Good sends that the breaker was too busy to count."""
    breaker: Breaker | None = None
    """Set when it counted something, or there was bad news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeInFeedback:
    """The use case with its ports. Taking in the same reports again, in any order, changes nothing.

    A bounce or a complaint is counted together with its send, in one transaction. That messages arrived
    is counted once per batch, after them: a crash in between forgets some good ones, and so the breaker
    opens rather too early than too late.
    """

    ledger: DeliveryLedger
    breaker_store: BreakerStore
    marks: FeedbackMarks
    apply_report: ApplyAddressReport
    restore_send: RestoreSend
    configuration_set: str
    """Of this stack."""
    clock: Clock

    def __call__(
        self, reports: Sequence[Report], *, is_whole: bool = True, waited: timedelta = timedelta()
    ) -> Digest:
        """One report that fails never holds up the others; the digest names those that failed.

        `is_whole` is False when records came with these that could not be read, `waited` is how long the
        oldest record of the batch lay in its queue: both say what the batch proves of those that are
        missing.
        """
        reports = [report.for_stack(self.configuration_set) for report in reports]
        digest = Digest(until=self.clock.now() + PATIENCE)
        good, read = NOTHING, self._read(reports)
        for places in _by_send(reports):
            if self.clock.now() >= digest.until:  # rather than be ended in the midst of it
                digest.failed.update(dict.fromkeys(places, TimeoutError("no time was left in this call")))
                continue
            try:
                good += self._take_in([reports[place] for place in places], read, digest)
            except Exception as error:  # noqa: BLE001 - whatever it was, the queue brings these again
                digest.failed.update(dict.fromkeys(places, error))
        if good != NOTHING:
            self._count(good, digest, reports[0].message_id)
        if digest.breaker is None and any(is_negative(report.feedback) for report in reports):
            digest.breaker = (
                self.breaker_store.breaker()
            )  # heard again: the alarm may be what was left undone
        self.apply_report.of_arrivals(reports)
        self._note_health(reports, digest, is_whole=is_whole, waited=waited)
        return digest

    def _read(self, reports: Sequence[Report]) -> Mapping[SendId, Send] | None:
        """The sends that the reports are about, in one request; None when it failed: each is read alone then.

        So what is wrong with one never holds up the others.
        """
        send_ids = list(dict.fromkeys(each.send_id for each in reports if each.send_id is not None))
        try:
            return self.ledger.sent_many(send_ids) if send_ids else {}
        except Exception:  # noqa: BLE001 - whatever it was, reading each alone shows whose fault it is
            return None

    def _take_in(self, about: Sequence[Report], read: Mapping[SendId, Send] | None, digest: Digest) -> Tally:
        """All reports of one batch about one send. Gives back what is still to be counted."""
        send, uncounted = None, NOTHING
        send_id = about[0].send_id
        if send_id is not None:
            try:
                send, uncounted = self._move(send_id, about, read, digest)
            except UnknownSendError:
                send = None
        if send is None:
            digest.strangers += len(about)
        for report in about:
            is_known = send is not None and may_be_about(report, send)
            digest.strangers += send is not None and not is_known
            if not self.apply_report(report, send if is_known else None):
                digest.ambiguous.append(report)
        return uncounted

    def _move(
        self,
        send_id: SendId,
        about: Sequence[Report],
        read: Mapping[SendId, Send] | None,
        digest: Digest,
    ) -> tuple[Send, Tally]:
        """The send as it is known after the reports, and what is still to be counted."""
        counted = about[0].is_marketing and not about[0].is_replayed

        def move() -> tuple[Send, Tally]:
            nonlocal read
            known, read = self._known(send_id, about, read), None  # after a lost race it is read anew
            told = reduce(after, (report for report in about if may_be_about(report, known)), known)
            if told == known:
                return told, NOTHING
            counts = tally_of(told.status) - tally_of(known.status) if counted else NOTHING
            breaker = None
            if counts.has_negative_reports:
                breaker = self.breaker_store.breaker().counting(counts, self.clock.now())
            self.ledger.move(send_id, known, told, breaker=breaker)
            digest.moved += 1
            digest.breaker = breaker or digest.breaker
            return told, counts if breaker is None else NOTHING

        return retry_on_conflict(
            move, clock=self.clock, whose=about[0].message_id, most=ROUNDS_IN_A_STORM, until=digest.until
        )

    def _known(self, send_id: SendId, about: Sequence[Report], read: Mapping[SendId, Send] | None) -> Send:
        """As the ledger has it, or as a replayed report brings it back. Raises UnknownSendError."""
        try:
            return self.ledger.sent(send_id) if read is None else _sent_in(read, send_id)
        except UnknownSendError:
            for report in about:
                send = self.restore_send(send_id, report) if report.is_replayed else None
                if send is not None:
                    return send
            raise

    def _count(self, good: Tally, digest: Digest, whose: str) -> None:
        def count() -> None:
            breaker = self.breaker_store.breaker().counting(good, self.clock.now())
            self.breaker_store.count(breaker)
            digest.breaker = breaker

        try:
            retry_on_conflict(count, clock=self.clock, whose=whose, most=ROUNDS_IN_A_STORM)
        except ConflictError:
            digest.uncounted = good.sends  # not worth doing the whole batch again

    def _note_health(
        self, reports: Sequence[Report], digest: Digest, *, is_whole: bool, waited: timedelta
    ) -> None:
        """Last of all: a mark says that what is below it has come in, so nothing of the batch may be missing.

        What failed lies in the queue for some minutes: that is a backlog, too.
        """
        now = self.clock.now()
        self.marks.note_slots(
            slots_of(each for place, each in enumerate(reports) if place not in digest.failed)
        )
        if waited > BACKLOG_WAIT or digest.failed:
            self.marks.note_behind(now)
        elif is_whole:
            for source, sent_at in marks_of(reports, now).items():
                self.marks.rise(source, sent_at, now)


def _sent_in(read: Mapping[SendId, Send], send_id: SendId) -> Send:
    if send_id not in read:
        raise UnknownSendError(f"no send of step {send_id.step} in run {send_id.run} of {send_id.campaign}")
    return read[send_id]


def _by_send(reports: Sequence[Report]) -> Iterable[list[int]]:
    """Places in the batch, together where they are about the same send."""
    places: dict[object, list[int]] = {}
    for place, report in enumerate(reports):
        places.setdefault(report.send_id or place, []).append(place)
    return places.values()
