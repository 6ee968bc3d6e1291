"""What a sweep came to, so that a person can see that its numbers add up."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from outreach.domain.journeys.enrollment import Enrollment, LeaveReason, SkipReason
from outreach.domain.sending.send import SendStatus


@dataclass(frozen=True, slots=True)
class SweepCall:
    """One call of a function that works through one shard of what is due."""

    sweep: datetime
    """When the sweep began that it belongs to."""
    id: str
    """Unique."""
    campaign: str


@dataclass(slots=True)
class SweepCounts:
    """What was found due, and what became of it: everything due is in exactly one of the other numbers."""

    due: int = 0
    """Counted as it is found; all others as they are done."""
    sent: int = 0
    skipped: int = 0
    """The gate let it not go; the reason is on record."""
    held: int = 0
    """Waits, and says why and until when; it is due again then."""
    failed: int = 0
    """Ended without going; the reason is on record."""
    in_doubt: int = 0
    """Nobody knows yet whether they went; the watch finds out."""
    moved_on: int = 0
    """No message was due: on to another wait, at its end, or gone since it was found."""
    expired: int = 0
    """Runs that took longer than any may, and left a message unsent."""
    no_moment: int = 0
    """Runs that ended because the date they were to wait for is missing, or is none."""
    stuck: int = 0
    """An error kept it from being moved; it stays due."""

    def add(self, other: "SweepCounts") -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    @property
    def accounted(self) -> int:
        """In any of the numbers but `due`."""
        return sum(number for name, number in self.numbers().items() if name != "due")

    @property
    def missing(self) -> int:
        """Due, and in none of the other numbers."""
        return self.due - self.accounted

    def numbers(self) -> Mapping[str, int]:
        """By name, in the order in which people read them."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What one sweep did in one campaign."""

    sweep: datetime
    campaign: str
    counts: SweepCounts
    calls: int
    silent_calls: int
    """Ended, or still run, without having said what they did."""

    @property
    def adds_up(self) -> bool:
        return not self.silent_calls and not self.counts.missing


def outcome_of(found: Enrollment, left: Enrollment) -> SweepCounts:
    """What a look at one enrollment came to, by the rows before it and after it.

    One look may send or skip several messages, one right after the other. As due are counted those beyond
    the first: that one was found due.
    """
    changed = [send for label, send in left.sends.items() if found.sends.get(label) != send]
    skipped = [left.skips[label].reason for label in left.skips.keys() - found.skips.keys()]
    outcomes = Counter(_OUTCOMES.get(send.status, "sent") for send in changed)
    ended = left.reason if found.is_active and not left.is_active else None
    expired = int(ended == LeaveReason.EXPIRED and SkipReason.EXPIRED in skipped)
    counts = SweepCounts(
        sent=outcomes["sent"],
        skipped=sum(reason not in _NOT_DUE for reason in skipped) - expired,
        expired=expired,
        no_moment=int(ended == LeaveReason.NO_INSTANT),
        held=int(left.is_active and left.hold is not None),
        failed=outcomes["failed"],
        in_doubt=outcomes["in_doubt"],
    )
    if not counts.accounted:
        counts.moved_on = 1
    counts.due = counts.accounted - 1
    return counts


_NOT_DUE = frozenset({SkipReason.CONDITION, SkipReason.EXPRESSION_FAILED, SkipReason.NO_INSTANT})
"""Steps that the campaign itself goes around; they never became due."""
_OUTCOMES = {
    SendStatus.CLAIMED: "in_doubt",
    SendStatus.DEFERRED: "held",
    SendStatus.UNKNOWN: "failed",
    SendStatus.FAILED: "failed",
}
"""All others mean that the e-mail service took it. A deferred send is told by the hold of its enrollment."""
