"""Whether SES's reports are coming in: from each of the two sources, now and at an earlier time.

SES publishes every event twice: to EventBridge ("best effort; in rare cases an event might not be delivered")
and to an SNS topic. An unreported message means something only where reports of others arrived.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from outreach.domain.feedback.report import Report, ReportSource

SLOT_LENGTH = timedelta(minutes=5)
"""Reports are recorded by the five minutes in which SES took their messages."""
SLOTS_REMEMBERED = timedelta(days=7)
MARK_STEP = timedelta(seconds=10)
"""A mark is stored only when it rises by this much: a write for every batch would cost more than it is worth.
"""
BACKLOG_WAIT = timedelta(minutes=5)
"""A batch with a record that waited longer comes from a backlog, which SQS drains in any order."""
BACKLOG_ENDS = timedelta(minutes=16)
"""How long after the last sign of a backlog it may still hold reports."""
SILENT_AFTER = timedelta(hours=1)
"""How far one source may be behind the other before it counts as silent."""
_SENT_AFTER_CLAIM = timedelta(minutes=2)
"""A message is sent at most this long after its claim."""

type Slot = tuple[ReportSource, datetime]
"""A source, and the start of five minutes."""


@dataclass(frozen=True, slots=True)
class FeedbackHealth:
    """What is known of the flow of reports."""

    marks: Mapping[ReportSource, datetime] = field(default_factory=dict)
    """Per source: when SES took the newest message that the source has reported."""
    since: Mapping[ReportSource, datetime] = field(default_factory=dict)
    """Per source: when its first report was received; earlier slots say nothing."""
    behind_at: datetime | None = None
    """When a backlog of reports was last seen."""
    probes: tuple[datetime, ...] = ()
    """When SES took the last probes, the newest last. A probe is a message that is sent only to be reported.
    """

    def has_passed(self, at: datetime) -> bool:
        """Whether every source has reported something of messages that SES took at or after this instant."""
        return all(source in self.marks and self.marks[source] >= at for source in ReportSource)

    def is_behind(self, now: datetime) -> bool:
        """Whether reports may still lie in a backlog."""
        return self.behind_at is not None and now < self.behind_at + BACKLOG_ENDS

    def silent_sources(self) -> frozenset[ReportSource]:
        """The sources that reported nothing of the last hour's messages, though the other did.

        A source that never reported counts from when this release first received the other's reports.
        """
        newest = max(self.marks.values(), default=None)
        first = min(self.since.values(), default=None)
        if newest is None or first is None:
            return frozenset()
        return frozenset(
            source
            for source in ReportSource
            if newest - max(self.marks.get(source, first), first) > SILENT_AFTER
        )


def slot_start(sent_at: datetime) -> datetime:
    """The start of the five minutes that hold this instant."""
    utc = sent_at.astimezone(UTC)
    midnight = utc.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (utc - midnight) // SLOT_LENGTH * SLOT_LENGTH


def slots_of(reports: Iterable[Report]) -> frozenset[Slot]:
    """Where reports show that their source worked when their messages were sent.

    A click of the next day shows that it works the next day: only what happened at once counts.
    """
    return frozenset(
        (report.source, slot_start(report.sent_at))
        for report in reports
        if report.source is not None and report.feedback.at - report.sent_at <= SLOT_LENGTH
    )


def marks_of(reports: Iterable[Report], now: datetime) -> dict[ReportSource, datetime]:
    """Per source: the newest instant at which SES took a message that it reports; never in the future."""
    marks: dict[ReportSource, datetime] = {}
    for report in reports:
        if report.source is not None:
            sent_at = min(report.sent_at, now)
            marks[report.source] = max(sent_at, marks.get(report.source, sent_at))
    return marks


def expected_slots(
    claimed_at: Iterable[datetime], since: Mapping[ReportSource, datetime]
) -> frozenset[frozenset[Slot]]:
    """The slots for messages claimed then that SES took: of each set, one must have been reported.

    Nothing is expected of a source for a time before its first report.
    """
    return frozenset(
        frozenset({(source, slot_start(at)), (source, slot_start(at + _SENT_AFTER_CLAIM))})
        for at in claimed_at
        for source, begun in since.items()
        if slot_start(begun) < slot_start(at)
    )


def was_unreported(expected: Collection[frozenset[Slot]], reported: Collection[Slot]) -> bool:
    """Whether a source reported nothing in a slot in which SES took messages."""
    return any(slots.isdisjoint(reported) for slots in expected)
