"""One alarm of the template, and the history of its states."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local_cloud.alarms.expressions import Expression, Values
from local_cloud.alarms.metrics import KNOWN, Key, key_of
from local_cloud.alarms.rules import EXTRA_POINTS, AlarmState, Missing, next_state
from local_cloud.alarms.series import MINUTE, Series, check_statistic
from local_cloud.errors import NotEmulatedError, TemplateError

_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}
_NO_DATA = Series()


@dataclass(frozen=True, slots=True)
class StateChange:
    """An alarm took a state."""

    time: datetime
    state: AlarmState


@dataclass(frozen=True, slots=True)
class _Metric:
    key: Key
    statistic: str


class AlarmRule:
    """What a template says about an alarm."""

    def __init__(self, properties: Mapping[str, Any]) -> None:
        """Read the CloudFormation properties.

        Raises TemplateError or NotEmulatedError for an alarm that cannot be evaluated here.
        """
        if properties.get("EvaluateLowSampleCountPercentile") or "ThresholdMetricId" in properties:
            raise NotEmulatedError("the local cloud evaluates no percentiles and no anomaly detection")
        self.periods = int(properties["EvaluationPeriods"])
        self.to_alarm = int(properties.get("DatapointsToAlarm", self.periods))
        self.missing = Missing(properties.get("TreatMissingData", Missing.MISSING))
        self._threshold = float(properties["Threshold"])
        self._is_breaching = _COMPARISONS[properties["ComparisonOperator"]]
        self._metrics: dict[str, _Metric] = {}
        self._expressions: dict[str, Expression] = {}
        self._result = ""
        periods: set[int] = set()
        for query in properties.get("Metrics") or [_as_query(properties)]:
            self._add_query(query, periods)
        if len(periods) != 1:
            raise TemplateError(f"all metrics of an alarm have one period, and these have {sorted(periods)}")
        (self.period,) = periods

    @property
    def points(self) -> int:
        """How many data points are read for one evaluation."""
        return self.periods + EXTRA_POINTS

    def times(self, series: Mapping[Key, Series], start: float, end: float) -> list[int]:
        """The full minutes in (start, end] at which the data points may differ from those a minute before.

        An alarm is evaluated every minute, on a sliding window; between these times nothing changes.
        """
        first = (int(start) // MINUTE + 1) * MINUTE
        changes = {first}
        for metric in self._metrics.values():
            for recorded in series.get(metric.key, _NO_DATA).times:
                entered = max(recorded + MINUTE, first)
                changes |= {entered} | {
                    recorded + MINUTE + number * self.period for number in range(1, self.points + 1)
                }
        return sorted(at for at in changes if first <= at <= end)

    def breaching(self, series: Mapping[Key, Series], at: int) -> list[bool | None]:
        """Whether each data point that an evaluation at this time reads is breaching, oldest first."""
        spans = [(at - (n + 1) * self.period, at - n * self.period) for n in reversed(range(self.points))]
        values: dict[str, Values] = {
            name: [series.get(metric.key, _NO_DATA).statistic(metric.statistic, *span) for span in spans]
            for name, metric in self._metrics.items()
        }
        waiting = dict(self._expressions)
        while waiting:
            ready = [name for name, expression in waiting.items() if not expression.names() & set(waiting)]
            if not ready:
                raise TemplateError(f"the expressions {', '.join(waiting)} need each other")
            for name in ready:
                values[name] = waiting.pop(name).values(values, len(spans))
        return [None if v is None else self._is_breaching(v, self._threshold) for v in values[self._result]]

    def _add_query(self, query: Mapping[str, Any], periods: set[int]) -> None:
        name = query["Id"]
        if query.get("ReturnData", True):
            if self._result:
                raise TemplateError("exactly one of an alarm's metrics returns data")
            self._result = name
        if "Expression" in query:
            self._expressions[name] = Expression(query["Expression"])
            return
        stat = query["MetricStat"]
        metric = stat["Metric"]
        known = KNOWN.get(metric["Namespace"])
        if metric["Namespace"].startswith("AWS/") and metric["MetricName"] not in (known or ()):
            raise NotEmulatedError(
                f"the local cloud has no metric {metric['MetricName']} of {metric['Namespace']}"
            )
        check_statistic(stat["Stat"])
        periods.add(int(stat["Period"]))
        dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions", [])}
        key = key_of(metric["Namespace"], metric["MetricName"], dimensions)
        self._metrics[name] = _Metric(key, stat["Stat"])


def _as_query(properties: Mapping[str, Any]) -> dict[str, Any]:
    metric = {name: properties.get(name, []) for name in ("Namespace", "MetricName", "Dimensions")}
    stat = {"Metric": metric, "Period": properties["Period"], "Stat": properties.get("Statistic", "")}
    return {"Id": "m", "MetricStat": stat}


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm as tests see it."""

    history: Sequence[StateChange]
    """Every state it took, oldest first; the first is INSUFFICIENT_DATA, from the deployment on."""

    @property
    def state(self) -> AlarmState:
        return self.history[-1].state

    @property
    def rang(self) -> Sequence[datetime]:
        """When it went into ALARM: each time its actions would have been executed."""
        return [change.time for change in self.history if change.state is AlarmState.ALARM]


def evaluated(rule: AlarmRule, series: Mapping[Key, Series], start: float, now: float) -> Alarm:
    """The alarm after every evaluation since its deployment."""
    state = AlarmState.INSUFFICIENT_DATA
    history = [StateChange(datetime.fromtimestamp(start, UTC), state)]
    for at in rule.times(series, start, now):
        found = next_state(rule.breaching(series, at), rule.periods, rule.to_alarm, rule.missing, state)
        if found is not state:
            state = found
            history.append(StateChange(datetime.fromtimestamp(at, UTC), state))
    return Alarm(tuple(history))
