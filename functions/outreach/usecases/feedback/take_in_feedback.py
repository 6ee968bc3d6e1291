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
from outreach.usecases.attempts import attempts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from outreach.domain.sending.send import Send, SendId
    from outreach.ports.clock import Clock
    from outreach.ports.feedback import BreakerStore, DeliveryLedger, FeedbackMarks
    from outreach.usecases.feedback.apply_address_report import ApplyAddressReport
    from outreach.usecases.operations.restore_send import RestoreSend

ROUNDS_IN_A_STORM = 8
"""In a storm of bounces every function wants the breaker's one row, all the time."""
PATIENCE = timedelta(seconds=30)
"""Half of the function's time; what still loses its races then comes back alone."""


@dataclass(slots=True)
class Digest:
    """What one batch came to."""

    until: datetime
    """How long it may wait for rows that others want, too."""
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
        good = NOTHING
        for places in _by_send(reports):
            try:
                good += self._take_in([reports[place] for place in places], digest)
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

    def _take_in(self, about: Sequence[Report], digest: Digest) -> Tally:
        """All reports of one batch about one send. Gives back what is still to be counted."""
        send, uncounted = None, NOTHING
        send_id = about[0].send_id
        if send_id is not None:
            try:
                send, uncounted = self._move(send_id, about, digest)
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

    def _move(self, send_id: SendId, about: Sequence[Report], digest: Digest) -> tuple[Send, Tally]:
        """The send as it is known after the reports, and what is still to be counted."""
        counted = about[0].is_marketing and not about[0].is_replayed
        for attempt in attempts(self.clock, about[0].message_id, ROUNDS_IN_A_STORM):
            known = self._known(send_id, about)
            told = reduce(after, (report for report in about if may_be_about(report, known)), known)
            if told == known:
                return told, NOTHING
            counts = tally_of(told.status) - tally_of(known.status) if counted else NOTHING
            breaker = None
            if counts.has_negative_reports:
                breaker = self.breaker_store.breaker().counting(counts, self.clock.now())
            try:
                self.ledger.move(send_id, known, told, breaker=breaker)
            except ConflictError:
                if attempt == ROUNDS_IN_A_STORM or self.clock.now() >= digest.until:
                    raise
                continue
            digest.moved += 1
            digest.breaker = breaker or digest.breaker
            return told, counts if breaker is None else NOTHING
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _known(self, send_id: SendId, about: Sequence[Report]) -> Send:
        """As the ledger has it, or as a replayed report brings it back. Raises UnknownSendError."""
        try:
            return self.ledger.sent(send_id)
        except UnknownSendError:
            for report in about:
                send = self.restore_send(send_id, report) if report.is_replayed else None
                if send is not None:
                    return send
            raise

    def _count(self, good: Tally, digest: Digest, whose: str) -> None:
        for _ in attempts(self.clock, whose, ROUNDS_IN_A_STORM):
            breaker = self.breaker_store.breaker().counting(good, self.clock.now())
            try:
                self.breaker_store.count(breaker)
            except ConflictError:
                continue
            digest.breaker = breaker
            return
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


def _by_send(reports: Sequence[Report]) -> Iterable[list[int]]:
    """Places in the batch, together where they are about the same send."""
    places: dict[object, list[int]] = {}
    for place, report in enumerate(reports):
        places.setdefault(report.send_id or place, []).append(place)
    return places.values()
