"""Settle what sweeps left behind: read their pages, oldest first, and end every doubt by evidence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from outreach.domain.doubt import GRACE, IN_DOUBT, NO_ANSWER, Finding, NotYet, given_back, given_up
from outreach.domain.errors import Conflict
from outreach.domain.page import Outcome, Page, Receipt
from outreach.domain.sends import Send, SendId, SendStatus
from outreach.usecases.give_back import LEFT, give_back

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from outreach.feedback_ports import DeliveryLedger
    from outreach.ports import Clock, Enrollments, PageBook, SweepStarter
    from outreach.usecases.page_evidence import PageEvidence
    from outreach.usecases.settle_claim import SettleClaim

_RELEASED_BECAUSE = frozenset({NO_ANSWER, IN_DOUBT})
"""The reasons of sends that were released here; what SES refused for now waits for a moment of its own."""


@dataclass(slots=True)
class Settled:
    """What one call came to."""

    pages: int = 0
    waiting: int = 0
    """Shards with a page that cannot be settled yet."""
    sends: Counter[SendStatus] = field(default_factory=Counter)
    """To what status sends were brought that were still claimed."""
    failed_marketing: int = 0
    failed_transactional: int = 0
    is_sweep_started: bool = False
    """Whether released messages go with a sweep that was started for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlePages:
    """The use case with its ports. Doing it again does no harm."""

    book: PageBook
    settle: SettleClaim
    deliveries: DeliveryLedger
    enrollments: Enrollments
    page_evidence: PageEvidence
    sweeps: SweepStarter
    clock: Clock

    def __call__(self, stop_at: datetime) -> Settled:
        """Every shard up to its first page that cannot be settled yet, until `stop_at`.

        While feedback flows most sends of a page were moved on by SES's own reports, and reading them
        together is all it costs. The others are what a receipt says, or in doubt. What is released here is
        due at once, so a sweep is started for it.
        """
        now, done = self.clock.now(), Settled()
        for shard in self.book.shards():
            if not self._settle_shard(shard, now, done, stop_at):
                break
        return done

    def _settle_shard(self, shard: int, now: datetime, done: Settled, stop_at: datetime) -> bool:
        """Whether there was time for all of it.

        From the first page on of which messages were released, the log is marked only when the sweep for
        them is started: after a crash before that, those pages are read again.
        """
        unmarked, has_released, in_time = None, False, True
        for page in self.book.unsettled(shard, now - GRACE):
            if self.clock.now() >= stop_at:
                in_time = False
                break
            sends = self.deliveries.sent_together(tuple(page.sends))
            released_before = done.sends[SendStatus.DEFERRED]
            failed_before = _failures(done)
            is_settled = self._settle(page, sends, now, done.sends)
            if page.is_marketing:
                done.failed_marketing += _failures(done) - failed_before
            else:
                done.failed_transactional += _failures(done) - failed_before
            released = done.sends[SendStatus.DEFERRED] > released_before
            has_released = has_released or released or _was_released(page, sends)
            if not is_settled:
                done.waiting += 1
                break
            done.pages += 1
            if has_released:
                unmarked = page
            else:
                self.book.settled(page)
        if has_released:
            self.sweeps.start_sweep(now)
            done.is_sweep_started = True
        if unmarked is not None:
            self.book.settled(unmarked)
        return in_time

    def _settle(
        self, page: Page, sends: Mapping[SendId, Send], now: datetime, brought: Counter[SendStatus]
    ) -> bool:
        """Whether nothing of it is in doubt any more. One that must wait never holds up the others."""
        is_settled = True
        may_be_lost = cache(lambda: self.page_evidence.speaks_for_a_loss(page, sends))
        for send_id, send in _still_claimed(page, sends).items():
            try:
                status = self._end_doubt(page, send_id, send, may_be_lost, now)
            except Conflict:
                status = None  # somebody else is at it right now
            if status is None:
                is_settled = False
            else:
                brought[status] += 1
        return is_settled

    def _end_doubt(
        self, page: Page, send_id: SendId, send: Send, may_be_lost: Callable[[], bool], now: datetime
    ) -> SendStatus | None:
        """The status it was brought to; None when that must wait."""
        match page.receipts.get(send_id):
            case Receipt(Outcome.SENT, message_id):
                return self._move(send_id, send, replace(send, status=SendStatus.SENT, message_id=message_id))
            case Receipt(Outcome.REFUSED, reason):
                return self._move(send_id, send, replace(send, status=SendStatus.FAILED, reason=reason))
            case Receipt(Outcome.GIVEN_BACK, reason):
                back = send.given_back(reason)
                return self._give_back(page, send_id, send, back, Finding.NEVER_WENT, now)
            case None:
                pass
        finding = self.settle.find(send, is_marketing=page.is_marketing, now=now)
        if finding is Finding.NEVER_WENT and page.is_marketing and may_be_lost():
            finding = Finding.GIVE_UP
        match finding:
            case NotYet():
                return None
            case Finding.GIVE_UP:
                return self._move(send_id, send, given_up(send, now))
            case Finding.NEVER_WENT | Finding.TRY_AGAIN:
                return self._give_back(page, send_id, send, given_back(send, finding), finding, now)

    def _give_back(
        self, page: Page, send_id: SendId, send: Send, back: Send, finding: Finding, now: datetime
    ) -> SendStatus:
        entered_at = page.sends[send_id]
        is_back = give_back(
            send_id,
            back,
            entered_at=entered_at,
            hold=None,
            enrollments=self.enrollments,
            clock=self.clock,
            now=now,
        )
        if is_back:
            return SendStatus.DEFERRED
        if finding is Finding.NEVER_WENT:
            return self._move(send_id, send, replace(send, status=SendStatus.FAILED, at=now, reason=LEFT))
        return self._move(send_id, send, given_up(send, now))

    def _move(self, send_id: SendId, known: Send, told: Send) -> SendStatus:
        """Raises Conflict when feedback was faster: it knows better, and the next look sees it."""
        self.deliveries.move(send_id, known, told)
        return told.status


def _failures(done: Settled) -> int:
    return done.sends[SendStatus.FAILED] + done.sends[SendStatus.UNKNOWN]


def _was_released(page: Page, sends: Mapping[SendId, Send]) -> bool:
    """Whether an earlier call released any of it, and may have crashed before it started a sweep."""
    return any(
        send.status is SendStatus.DEFERRED and send.at == page.at and send.reason in _RELEASED_BECAUSE
        for send in sends.values()
    )


def _still_claimed(page: Page, sends: Mapping[SendId, Send]) -> dict[SendId, Send]:
    """Neither reported by SES nor claimed anew since; what was erased needs nothing any more."""
    return {
        send_id: send
        for send_id, send in sends.items()
        if send.status is SendStatus.CLAIMED and send.at == page.at
    }
