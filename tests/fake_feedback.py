"""What feedback stores, in memory: addresses, pauses and breaker, the marks."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from outreach.domain.errors import ConflictError
from outreach.domain.feedback.health import MARK_STEP, FeedbackHealth, Slot
from outreach.domain.feedback.report import ReportSource
from outreach.domain.feedback.suppression import KnownAddress, SuppressionApplied
from outreach.domain.sending.breaker import Breaker
from outreach.domain.sending.gate import Rules
from outreach.domain.sending.outage import Outage, outage_after
from outreach.domain.sending.sending_state import CampaignPause, Pause, SendingState


class FakeAddresses:
    """Addresses, and their customers. An address's id is readable here, so that a failing test shows more."""

    def __init__(self) -> None:
        self.rows: dict[str, KnownAddress] = {}
        self.links: set[tuple[str, str]] = set()

    def id_of(self, address: str) -> str:
        return f"id of {address.lower()}"

    def known(self, address_id: str) -> KnownAddress:
        return self.rows.get(address_id, KnownAddress(address_id))

    def with_customers(self, address_id: str, most: int) -> tuple[KnownAddress, tuple[str, ...]]:
        return self.known(address_id), self.customers(address_id)[:most]

    def soft_bounced(self, address_ids: Iterable[str]) -> frozenset[str]:
        return frozenset(each for each in address_ids if self.known(each).status.soft)

    def save(self, known: KnownAddress) -> None:
        if self.known(known.id).version != known.version:
            raise ConflictError("the address changed since it was read")
        self.rows[known.id] = replace(known, version=known.version + 1)

    def customers(self, address_id: str) -> tuple[str, ...]:
        return tuple(sorted(customer_id for each, customer_id in self.links if each == address_id))

    def relink(self, suppression_applied: SuppressionApplied, customer_id: str) -> None:
        """As an intake does in its own transaction."""
        if (
            suppression_applied.taken is not None
            and self.known(suppression_applied.taken).version != suppression_applied.version
        ):
            raise ConflictError("the address changed since it was read")
        if suppression_applied.left is not None:
            self.links.discard((suppression_applied.left, customer_id))
        if suppression_applied.taken is not None:
            self.links.add((suppression_applied.taken, customer_id))
            if suppression_applied.joins:
                self.raise_version(self.known(suppression_applied.taken))

    def raise_version(self, known: KnownAddress) -> None:
        """As intake and claims do, each in its own transaction."""
        stored = self.known(known.id)
        if stored.version != known.version:
            raise ConflictError("the address changed since it was read")
        self.rows[known.id] = replace(stored, version=known.version + 1)


class FakeOutage:
    """What a SendingStateStore knows of an outage."""

    def __init__(self) -> None:
        self.outage: Outage | None = None

    def try_alone(self, outage: Outage, *, now: datetime) -> bool:
        if self.outage != outage:
            return False
        self.outage = outage.tried(now)
        return True

    def remember_refusal(self, reason: str, *, now: datetime) -> None:
        self.outage = outage_after(self.outage, reason, now)

    def end_outage(self) -> None:
        self.outage = None


class FakeSendingStateRows(FakeOutage):
    """SendingStateStore, SendingSwitch, CampaignSwitch and BreakerStore over a few rows."""

    def __init__(self) -> None:
        super().__init__()
        self.paused: Pause | None = None
        self.counted = Breaker()
        self.campaigns: dict[str, CampaignPause] = {}

    def rules(self) -> Rules:
        sending = self.sending()
        return Rules(
            marketing_paused=sending.marketing_paused,
            all_paused=sending.all_paused,
            paused_campaigns=frozenset(self.campaigns),
            outage=self.outage,
        )

    def sending(self) -> SendingState:
        return SendingState(self.paused, self.counted, self.outage, dict(self.campaigns))

    def pause(self, pause: Pause) -> None:
        self.paused = pause

    def pause_campaign(self, campaign: str, pause: CampaignPause) -> None:
        self.campaigns[campaign] = pause

    def resume_campaign(self, campaign: str) -> None:
        self.campaigns.pop(campaign, None)

    def resume(self, breaker: Breaker) -> None:
        self.count(breaker)
        self.paused = self.outage = None

    def breaker(self) -> Breaker:
        return self.counted

    def count(self, breaker: Breaker) -> None:
        if self.counted.version != breaker.version:
            raise ConflictError("another counted meanwhile")
        self.counted = replace(breaker, version=breaker.version + 1)


class FakeMarks:
    """FeedbackMarks in memory; it counts what a table would have to write."""

    def __init__(self) -> None:
        self.known = FeedbackHealth()
        self.slots: set[Slot] = set()
        self.writes = 0

    def health(self) -> FeedbackHealth:
        return self.known

    def rise(self, source: ReportSource, sent_at: datetime, now: datetime) -> None:
        mark = self.known.marks.get(source)
        if mark is not None and sent_at < mark + MARK_STEP:
            return
        self.writes += 1
        self.known = replace(
            self.known,
            marks={**self.known.marks, source: sent_at},
            since={source: now, **self.known.since},
        )

    def note_slots(self, slots: Collection[Slot]) -> None:
        self.writes += len(set(slots) - self.slots)
        self.slots |= set(slots)

    def slots_between(self, first: datetime, last: datetime) -> frozenset[Slot]:
        return frozenset(slot for slot in self.slots if first <= slot[1] <= last)

    def note_behind(self, now: datetime) -> None:
        self.writes += 1
        self.known = replace(self.known, behind_at=now)
