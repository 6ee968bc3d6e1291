"""Which addresses must not be mailed, and why: what speaks against an address, in whatever order it came."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from outreach.domain.intake.customer import Customer, SuppressionReason

SOFT_BOUNCES_IN_A_ROW = 5
"""So many messages that came back one after the other, and none delivered between: nobody reads there."""
_BY_WEIGHT = (
    SuppressionReason.COMPLAINT,
    SuppressionReason.HARD_BOUNCE,
    SuppressionReason.MANUAL,
    SuppressionReason.SOFT_BOUNCES,  # as a mark only when it was imported: here they are counted
)


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """Something that suppresses an address by itself: when it happened, and who says so."""

    at: datetime
    source: str
    """`feedback`, or the operator's word, such as `support` or `import`."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why an address is not mailed now."""

    reason: SuppressionReason
    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class AddressStatus:
    """All that was heard of an address. Each change may come in any order, and twice."""

    marks: Mapping[SuppressionReason, Mark] = field(default_factory=dict)
    """Per reason, the newest."""
    soft: Mapping[str, datetime] = field(default_factory=dict)
    """Per message that bounced softly, when it was sent: the newest few, none older than a delivery."""
    delivered_at: datetime | None = None
    """When the newest message that arrived was sent; only kept up while there are soft bounces."""
    lifted_at: datetime | None = None
    """When a person last said that this address may be mailed: nothing from before counts any more."""
    opted_out_at: datetime | None = None
    """When somebody last opted out of marketing through this mailbox. It suppresses nothing by itself: it is
    a no to marketing for each customer who has the address."""

    @property
    def suppression(self) -> Suppression | None:
        """The weightiest reason not to mail; None when there is none."""
        for reason in _BY_WEIGHT:
            mark = self.marks.get(reason)
            if mark is not None and (self.lifted_at is None or mark.at > self.lifted_at):
                return Suppression(reason, mark.at, mark.source)
        run = sorted(at for at in self.soft.values() if self.lifted_at is None or at > self.lifted_at)
        if len(run) >= SOFT_BOUNCES_IN_A_ROW:
            return Suppression(SuppressionReason.SOFT_BOUNCES, run[-1], "feedback")
        return None

    @property
    def reason(self) -> SuppressionReason | None:
        return None if self.suppression is None else self.suppression.reason

    def marked(self, reason: SuppressionReason, at: datetime, source: str) -> "AddressStatus":
        """With a complaint, a hard bounce or an operator's word against it."""
        mark = Mark(at, source)
        return replace(self, marks={**self.marks, reason: max(mark, self.marks.get(reason, mark))})

    def soft_bounced(self, message_id: str, sent_at: datetime) -> "AddressStatus":
        """With one more message that came back softly."""
        return self._pruned({**self.soft, message_id: sent_at}, self.delivered_at)

    def delivered(self, sent_at: datetime) -> "AddressStatus":
        """With a message that arrived: soft bounces of it and of what was sent before count no more."""
        return self._pruned(self.soft, max(self.delivered_at or sent_at, sent_at))

    def lifted(self, at: datetime) -> "AddressStatus":
        """Free again: everything up to this moment is history."""
        return replace(self, lifted_at=max(self.lifted_at or at, at))

    def opted_out(self, at: datetime) -> "AddressStatus":
        """With an opt-out of marketing; an older one changes nothing."""
        return replace(self, opted_out_at=max(self.opted_out_at or at, at))

    def _pruned(self, soft: Mapping[str, datetime], delivered_at: datetime | None) -> "AddressStatus":
        run = [(at, name) for name, at in soft.items() if delivered_at is None or at > delivered_at]
        newest = sorted(run)[-SOFT_BOUNCES_IN_A_ROW:]
        return replace(self, soft={name: at for at, name in newest}, delivered_at=delivered_at)


@dataclass(frozen=True, slots=True)
class SuppressionApplied:
    """That a customer's suppression was looked up, and how their address moved."""

    left: str | None = None
    """Id of the address that is not the customer's any more."""
    taken: str | None = None
    """Id of the address that is the customer's from now on."""
    version: int = 0
    """Of what was known of the taken one when it was looked up."""
    joins: bool = True
    """Whether others who look at the address at the same instant must look again: its version is raised."""
    to_note: tuple[Customer, ...] = ()
    """Other customers of the taken address, as read, of whom it is not noted yet that they share it."""


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """One row per address that was ever heard of. The address itself is not in it."""

    id: str
    """A keyed hash of the address: the same for the same address, and nothing can be read from it."""
    status: AddressStatus = field(default_factory=AddressStatus)
    changes: int = 0
    """How often its suppression began, ended or got another reason: numbers the news about it."""
    version: int = 0

    def reported(self, status: AddressStatus) -> "KnownAddress":
        """With another standing; customers are told when that changes whether, or why, it is suppressed."""
        news = status.reason is not self.status.reason
        return replace(self, status=status, changes=self.changes + news)
