"""What sweeps did, in memory."""

from collections.abc import Iterator
from copy import copy
from datetime import datetime
from itertools import groupby

from outreach.domain.sweeps.counts import SweepCall, SweepCounts, SweepReport


class FakeSweepLog:
    """Stores the calls that began, and what the ended ones did."""

    def __init__(self) -> None:
        self._calls: dict[SweepCall, SweepCounts | None] = {}

    def begin(self, call: SweepCall) -> None:
        self._calls[call] = None

    def end(self, call: SweepCall, counts: SweepCounts) -> None:
        self._calls[call] = copy(counts)

    def reports(self, since: datetime) -> Iterator[SweepReport]:
        calls = sorted((each for each in self._calls if each.sweep >= since), key=_place)
        for (sweep, campaign), group in groupby(calls, _place):
            all_counts = [self._calls[call] for call in group]
            total = SweepCounts()
            for counts in all_counts:
                total.add(counts or SweepCounts())
            yield SweepReport(sweep, campaign, total, len(all_counts), all_counts.count(None))


def _place(call: SweepCall) -> tuple[datetime, str]:
    return call.sweep, call.campaign
