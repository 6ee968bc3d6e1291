"""Settle what sweeps left behind: read their pages, oldest first, and end every doubt by evidence."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from outreach.domain.errors import ConflictError
from outreach.domain.sending.page import Outcome, Page, Receipt
from outreach.domain.sending.send import Send, SendId, SendStatus
from outreach.domain.sending.send_reason import SendReason
from outreach.domain.sending.unresolved_claim import (
    GRACE,
    ClaimVerdict,
    StillUnresolved,
    as_unknown,
    released,
)
from outreach.usecases.sending.release_claim import release_claim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from outreach.ports.clock import Clock
    from outreach.ports.feedback import DeliveryLedger
    from outreach.ports.journeys import Enrollments
    from outreach.ports.sweeps import PageLog
    from outreach.usecases.sending.resolve_claim import ResolveClaim
    from outreach.usecases.sweeps.arm_wakes import ArmWakes
    from outreach.usecases.sweeps.page_evidence import PageEvidence

_RELEASED_BECAUSE = frozenset({SendReason.NO_ANSWER, SendReason.UNRESOLVED})
"""The reasons of sends that were released here; what SES refused for now waits for a moment of its own."""


@dataclass(slots=True)
class PagesResolved:
    """What one call came to."""

    pages: int = 0
    waiting: int = 0
    """Shards with a page that cannot be settled yet."""
    sends: Counter[SendStatus] = field(default_factory=Counter)
    """To what status sends were brought that were still claimed."""
    failed_marketing: int = 0
    failed_transactional: int = 0
    are_wakes_armed: bool = False
    """Whether released messages go with wakes that were armed for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvePages:
    """The use case with its ports. Doing it again does no harm."""

    log: PageLog
    resolve: ResolveClaim
    deliveries: DeliveryLedger
    enrollments: Enrollments
    page_evidence: PageEvidence
    arm: ArmWakes
    clock: Clock

    def __call__(self, stop_at: datetime) -> PagesResolved:
        """Every shard up to its first page that cannot be settled yet, until `stop_at`.

        While feedback flows most sends of a page were moved on by SES's own reports, and reading them
        together is all it costs. The others are what a receipt says, or in doubt. What is released here is
        due at once, so the wakes of its shards are armed.
        """
        now, done = self.clock.now(), PagesResolved()
        for shard in self.log.shards():
            if not self._resolve_shard(shard, now, done, stop_at):
                break
        return done

    def _resolve_shard(self, shard: int, now: datetime, done: PagesResolved, stop_at: datetime) -> bool:
        """Whether there was time for all of it.

        From the first page on of which messages were released, the log is marked only when the wakes for
        them are armed: after a crash before that, those pages are read again.
        """
        unmarked, in_time = None, True
        released: set[tuple[str, str]] = set()
        for page in self.log.unresolved(shard, now - GRACE):
            if self.clock.now() >= stop_at:
                in_time = False
                break
            sends = self.deliveries.sent_many(tuple(page.sends))
            released_before = done.sends[SendStatus.DEFERRED]
            failed_before = _failures(done)
            is_resolved = self._resolve(page, sends, now, done.sends)
            if page.is_marketing:
                done.failed_marketing += _failures(done) - failed_before
            else:
                done.failed_transactional += _failures(done) - failed_before
            if done.sends[SendStatus.DEFERRED] > released_before or _was_released(page, sends):
                released |= {(each.campaign, each.customer_id) for each in page.sends}
            if not is_resolved:
                done.waiting += 1
                break
            done.pages += 1
            if released:
                unmarked = page
            else:
                self.log.resolved(page)
        for campaign, customer_id in sorted(released):
            done.are_wakes_armed |= self.arm.of_customer(campaign, customer_id, now)
        if unmarked is not None:
            self.log.resolved(unmarked)
        return in_time

    def _resolve(
        self, page: Page, sends: Mapping[SendId, Send], now: datetime, brought: Counter[SendStatus]
    ) -> bool:
        """Whether nothing of it is in doubt any more. One that must wait never holds up the others."""
        is_resolved = True
        may_be_lost = cache(lambda: self.page_evidence.speaks_for_a_loss(page, sends))
        for send_id, send in _still_claimed(page, sends).items():
            try:
                status = self._resolve_claim(page, send_id, send, may_be_lost, now)
            except ConflictError:
                status = None  # somebody else is at it right now
            if status is None:
                is_resolved = False
            else:
                brought[status] += 1
        return is_resolved

    def _resolve_claim(
        self, page: Page, send_id: SendId, send: Send, may_be_lost: Callable[[], bool], now: datetime
    ) -> SendStatus | None:
        """The status it was brought to; None when that must wait."""
        match page.receipts.get(send_id):
            case Receipt(Outcome.SENT, message_id):
                return self._move(send_id, send, replace(send, status=SendStatus.SENT, message_id=message_id))
            case Receipt(Outcome.REFUSED, reason):
                return self._move(send_id, send, replace(send, status=SendStatus.FAILED, reason=reason))
            case Receipt(Outcome.RELEASED, reason):
                back = send.released(reason)
                return self._release_claim(page, send_id, send, back, ClaimVerdict.NEVER_WENT, now)
            case None:
                pass
        finding = self.resolve.find(send, is_marketing=page.is_marketing, now=now)
        if finding is ClaimVerdict.NEVER_WENT and page.is_marketing and may_be_lost():
            finding = ClaimVerdict.GIVE_UP
        match finding:
            case StillUnresolved():
                return None
            case ClaimVerdict.GIVE_UP:
                return self._move(send_id, send, as_unknown(send, now))
            case ClaimVerdict.NEVER_WENT | ClaimVerdict.TRY_AGAIN:
                return self._release_claim(page, send_id, send, released(send, finding), finding, now)

    def _release_claim(
        self, page: Page, send_id: SendId, send: Send, back: Send, finding: ClaimVerdict, now: datetime
    ) -> SendStatus:
        entered_at = page.sends[send_id]
        is_back = release_claim(
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
        if finding is ClaimVerdict.NEVER_WENT:
            return self._move(
                send_id, send, replace(send, status=SendStatus.FAILED, at=now, reason=SendReason.LEFT)
            )
        return self._move(send_id, send, as_unknown(send, now))

    def _move(self, send_id: SendId, known: Send, told: Send) -> SendStatus:
        """Raises ConflictError when feedback was faster: it knows better, and the next look sees it."""
        self.deliveries.move(send_id, known, told)
        return told.status


def _failures(done: PagesResolved) -> int:
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
