"""Which addresses must not be mailed, and why, in whatever order the reports arrive."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from outreach.domain.intake.customer import Customer, SuppressionReason

SOFT_BOUNCES_IN_A_ROW = 5
"""This many bounces in a row without a delivery between them: the mailbox is not read."""
_BY_WEIGHT = (
    SuppressionReason.COMPLAINT,
    SuppressionReason.HARD_BOUNCE,
    SuppressionReason.MANUAL,
    SuppressionReason.SOFT_BOUNCES,  # as a mark only when it was imported: here they are counted
)


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """Something that suppresses an address by itself: when it happened, and its source."""

    at: datetime
    source: str
    """`feedback`, or the operator's reason, such as `support` or `import`."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why an address is not mailed now."""

    reason: SuppressionReason
    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class AddressStatus:
    """All that was reported of an address. Changes may arrive in any order, and twice."""

    marks: Mapping[SuppressionReason, Mark] = field(default_factory=dict)
    """Per reason, the newest."""
    soft: Mapping[str, datetime] = field(default_factory=dict)
    """Per message that bounced softly, when it was sent: the newest few, none older than a delivery."""
    delivered_at: datetime | None = None
    """When the newest delivered message was sent; only kept up to date while there are soft bounces."""
    lifted_at: datetime | None = None
    """When an operator last released this address: nothing earlier counts any more."""
    opted_out_at: datetime | None = None
    """When a customer last opted out of marketing through this mailbox. It suppresses nothing by itself: it
    is an opt-out for each customer who has the address."""

    @property
    def suppression(self) -> Suppression | None:
        """The strongest reason not to mail; None when there is none."""
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
        """With a complaint, a hard bounce or an operator's suppression added."""
        mark = Mark(at, source)
        return replace(self, marks={**self.marks, reason: max(mark, self.marks.get(reason, mark))})

    def soft_bounced(self, message_id: str, sent_at: datetime) -> "AddressStatus":
        """With one more soft bounce."""
        return self._pruned({**self.soft, message_id: sent_at}, self.delivered_at)

    def delivered(self, sent_at: datetime) -> "AddressStatus":
        """With a delivered message: soft bounces of it and of earlier messages count no more."""
        return self._pruned(self.soft, max(self.delivered_at or sent_at, sent_at))

    def lifted(self, at: datetime) -> "AddressStatus":
        """Released: everything up to this instant no longer counts."""
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
    """The result of looking up a customer's suppression, and how their address changed."""

    left: str | None = None
    """Id of the address that the customer no longer has."""
    taken: str | None = None
    """Id of the address that the customer has from now on."""
    version: int = 0
    """Version of the new address's status when it was looked up."""
    joins: bool = True
    """Whether concurrent readers of the address must read again: its version is raised."""
    to_note: tuple[Customer, ...] = ()
    """Other customers of the new address, as read, whose rows do not note yet that they share it."""


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """One row per address that was ever reported. The address itself is not in it."""

    id: str
    """A keyed hash of the address: the same for the same address, and it reveals nothing."""
    status: AddressStatus = field(default_factory=AddressStatus)
    changes: int = 0
    """How often its suppression began, ended or got another reason: numbers the events about it."""
    version: int = 0

    def reported(self, status: AddressStatus) -> "KnownAddress":
        """With another status; a change of whether, or why, it is suppressed is numbered."""
        is_new = status.reason is not self.status.reason
        return replace(self, status=status, changes=self.changes + is_new)
