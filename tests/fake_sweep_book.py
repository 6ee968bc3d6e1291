"""What sweeps did, in memory."""

from collections.abc import Iterator
from copy import copy
from datetime import datetime
from itertools import groupby

from outreach.domain.sweep import Balance, SweepCall, SweepReport


class FakeSweepBook:
    """Remembers the calls that began, and what those did that ended."""

    def __init__(self) -> None:
        self._calls: dict[SweepCall, Balance | None] = {}

    def begin(self, call: SweepCall) -> None:
        self._calls[call] = None

    def end(self, call: SweepCall, balance: Balance) -> None:
        self._calls[call] = copy(balance)

    def reports(self, since: datetime) -> Iterator[SweepReport]:
        calls = sorted((each for each in self._calls if each.sweep >= since), key=_place)
        for (sweep, campaign), group in groupby(calls, _place):
            balances = [self._calls[call] for call in group]
            total = Balance()
            for balance in balances:
                total.add(balance or Balance())
            yield SweepReport(sweep, campaign, total, len(balances), balances.count(None))


def _place(call: SweepCall) -> tuple[datetime, str]:
    return call.sweep, call.campaign
