"""The data points of one metric, and CloudWatch's statistics over a span of time."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from local_cloud.errors import NotEmulatedError

MINUTE = 60
"""Seconds; the resolution of a standard metric, and how often an alarm is evaluated."""

_STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {
    "Sum": sum,
    "Maximum": max,
    "Minimum": min,
    "Average": lambda values: sum(values) / len(values),
    "SampleCount": len,
}


@dataclass(slots=True)
class Series:
    """Values in order of their minutes (seconds since the epoch)."""

    times: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, at: float, value: float) -> None:
        """Record a value in the minute of an instant; it need not be the newest."""
        minute = int(at // MINUTE) * MINUTE
        place = len(self.times)
        while place and self.times[place - 1] > minute:
            place -= 1
        self.times.insert(place, minute)
        self.values.insert(place, value)

    def statistic(self, name: str, start: float, end: float) -> float | None:
        """The statistic of the values in [start, end); None without any."""
        found = self.values[bisect_left(self.times, start) : bisect_left(self.times, end)]
        return float(check_statistic(name)(found)) if found else None


def check_statistic(name: str) -> Callable[[Sequence[float]], float]:
    """The function of a statistic.

    Raises NotEmulatedError for one that is not emulated, such as a percentile.
    """
    if name not in _STATISTICS:
        raise NotEmulatedError(f"statistic {name}: the local cloud has {', '.join(_STATISTICS)}")
    return _STATISTICS[name]
