"""Which failures of a journey are its own, which belong to an outage of the stack, and when to look again."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_RESTARTS = 3
"""After this many failures of its own an enrollment is left to an operator."""
OUTAGE_SPAN = timedelta(hours=6)
"""The retries of one execution are spread over hours, so an outage ends executions at different hours."""
OUTAGE_OTHERS = 2
"""When this many other enrollments failed within the span, the cause is not this enrollment's."""
RECENT = timedelta(hours=12)
"""What failed within this time is looked at each hour: as long as the retries of one execution take."""
_SOONER = timedelta(minutes=90)
"""Before it is rounded down to the hour, so that looks are at least half an hour apart."""


@dataclass(frozen=True, slots=True)
class Failure:
    """That an execution ended without finishing."""

    at: datetime
    chain: str
    """The name of the first execution in a chain of restarts."""
    enrollment: str
    """The name of the enrollment's run, whichever chain it is."""


class Failures:
    """All known failures, to be compared with each other."""

    def __init__(self, found: Iterable[Failure]) -> None:
        self._found = sorted(found, key=lambda failure: failure.at)
        self._times = [failure.at for failure in self._found]
        self._of_chain: dict[str, list[Failure]] = {}
        for failure in self._found:
            self._of_chain.setdefault(failure.chain, []).append(failure)

    def own(self, chain: str) -> int:
        """How many failures of a chain happened while others did not fail."""
        return sum(not self._is_shared(failure) for failure in self._of_chain.get(chain, ()))

    def _is_shared(self, failure: Failure) -> bool:
        others: set[str] = set()
        for other in self._around(failure.at):
            if other.enrollment != failure.enrollment:
                others.add(other.enrollment)
            if len(others) == OUTAGE_OTHERS:
                return True
        return False

    def _around(self, at: datetime) -> Iterator[Failure]:
        place = bisect_left(self._times, at - OUTAGE_SPAN)
        while place < len(self._found) and self._times[place] <= at + OUTAGE_SPAN:
            yield self._found[place]
            place += 1


def next_look(now: datetime) -> datetime:
    """When the reconciler looks again while something fails: at a full hour, so that two looks plan one."""
    at = now + _SOONER
    return at.replace(minute=0, second=0, microsecond=0)
