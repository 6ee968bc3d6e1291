"""The metrics that AWS would have of a local cloud, collected from what the cloud recorded."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from local_cloud.alarms.series import MINUTE, Series
from local_cloud.messaging.http import HttpApi
from local_cloud.messaging.queue import Queue
from local_cloud.records import Invocation, LogLine, Outcome
from local_cloud.workflows.run import Machine

type Dimensions = frozenset[tuple[str, str]]
type Key = tuple[str, str, Dimensions]
"""Namespace, name, dimensions."""

KNOWN: Mapping[str, frozenset[str]] = {
    "AWS/Lambda": frozenset({"Invocations", "Errors"}),
    "AWS/States": frozenset(
        f"Executions{end}" for end in ("Started", "Succeeded", "Failed", "TimedOut", "Aborted")
    ),
    "AWS/ApiGateway": frozenset({"Count", "4xx", "5xx"}),
    "AWS/SQS": frozenset(
        {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage", "NumberOfMessagesSent"}
    ),
}
"""The metrics of AWS itself that are collected here."""

_ACTIVE = 6 * 3600
"""Seconds that SQS goes on reporting about an empty queue."""
_ENDS = {"SUCCEEDED": "Succeeded", "FAILED": "Failed", "TIMED_OUT": "TimedOut", "ABORTED": "Aborted"}


class Metrics:
    """All series by key. Recorded values are read once; queues are sampled anew each time."""

    def __init__(self) -> None:
        self._kept: defaultdict[Key, Series] = defaultdict(Series)
        self._logs_read = 0
        self._invocations_read = 0

    def gather(
        self,
        now: float,
        logs: list[LogLine],
        invocations: list[Invocation],
        function_name: Callable[[str], str],
        queues: Iterable[Queue],
        machines: Iterable[Machine],
        apis: Iterable[HttpApi],
    ) -> Mapping[Key, Series]:
        """Everything up to now (seconds since the epoch)."""
        for line in logs[self._logs_read :]:
            self._add_embedded(line.text)
        self._logs_read = len(logs)
        for run in invocations[self._invocations_read :]:
            dimensions = {"FunctionName": function_name(run.function)}
            at = run.time.timestamp()
            _add(self._kept, "AWS/Lambda", "Invocations", dimensions, at, 1)
            _add(self._kept, "AWS/Lambda", "Errors", dimensions, at, run.outcome is Outcome.ERROR)
        self._invocations_read = len(invocations)
        fresh: defaultdict[Key, Series] = defaultdict(Series)
        for machine in machines:
            _add_executions(fresh, machine)
        for api in apis:
            _add_requests(fresh, api)
        for queue in queues:
            _add_samples(fresh, queue, now)
        return self._kept | fresh

    def add(self, namespace: str, name: str, dimensions: Mapping[str, Any], at: float, value: float) -> None:
        """Record a value that a program reported by itself."""
        _add(self._kept, namespace, name, dimensions, at, value)

    def _add_embedded(self, text: str) -> None:
        """CloudWatch's embedded metric format: a log line that is JSON with `_aws`."""
        if '"_aws"' not in text:
            return
        try:
            line = json.loads(text)
            directives, at = line["_aws"]["CloudWatchMetrics"], line["_aws"]["Timestamp"] / 1000
        except (ValueError, KeyError, TypeError):
            return
        for directive in directives:
            for names in directive["Dimensions"]:
                dimensions = {name: line[name] for name in names}
                for metric in directive["Metrics"]:
                    value = line[metric["Name"]]
                    for each in value if isinstance(value, list) else [value]:
                        _add(self._kept, directive["Namespace"], metric["Name"], dimensions, at, each)


def key_of(namespace: str, name: str, dimensions: Mapping[str, Any]) -> Key:
    """The key of the series of a metric."""
    return namespace, name, frozenset((key, str(value)) for key, value in dimensions.items())


def _add(
    into: defaultdict[Key, Series],
    namespace: str,
    name: str,
    dimensions: Mapping[str, Any],
    at: float,
    value: float,
) -> None:
    into[key_of(namespace, name, dimensions)].add(at, float(value))


def _add_executions(into: defaultdict[Key, Series], machine: Machine) -> None:
    dimensions = {"StateMachineArn": machine.arn}
    for run in machine.runs.values():
        _add(into, "AWS/States", "ExecutionsStarted", dimensions, run.started_at.timestamp(), 1)
    stopped = [run for run in machine.runs.values() if run.stopped_at is not None]
    for run in sorted(stopped, key=lambda run: run.stopped_at or run.started_at):
        at = (run.stopped_at or run.started_at).timestamp()
        _add(into, "AWS/States", f"Executions{_ENDS[run.status]}", dimensions, at, 1)


def _add_requests(into: defaultdict[Key, Series], api: HttpApi) -> None:
    for request in api.requests:
        of_api = {"ApiId": api.api_id}
        of_contexts = {**of_api, "Stage": api.stage}
        levels = [of_api, of_contexts]
        if api.has_detailed_metrics(request.route_key):
            method, _, resource = request.route_key.partition(" ")
            levels.append({**of_contexts, "Method": method, "Resource": resource})
        for dimensions in levels:
            for name, value in (
                ("Count", 1),
                ("4xx", 400 <= request.status < 500),  # noqa: PLR2004 - as above - HTTP's classes of status
                ("5xx", request.status >= 500),  # noqa: PLR2004 - as above
            ):
                _add(into, "AWS/ApiGateway", name, dimensions, request.at, value)


def _add_samples(into: defaultdict[Key, Series], queue: Queue, now: float) -> None:
    """SQS reports every minute about a queue that is used."""
    dimensions = {"QueueName": queue.name}
    visible: defaultdict[int, int] = defaultdict(int)
    oldest: dict[int, float] = {}
    for start, end in queue.visible_spans(now):
        for minute in _minutes(start, end):
            visible[minute] += 1
    for start, end in queue.present_spans(now):
        for minute in _minutes(start, end):
            oldest[minute] = min(start, oldest.get(minute, start))
    active = {
        minute for last in _ends(oldest) for minute in range(last, min(last + _ACTIVE, int(now)) + 1, MINUTE)
    }
    for minute in sorted(active | set(oldest)):
        age = minute - oldest.get(minute, minute)
        _add(into, "AWS/SQS", "ApproximateNumberOfMessagesVisible", dimensions, minute, visible[minute])
        _add(into, "AWS/SQS", "ApproximateAgeOfOldestMessage", dimensions, minute, age)
    for at in queue.sent:
        _add(into, "AWS/SQS", "NumberOfMessagesSent", dimensions, at, 1)


def _minutes(start: float, end: float) -> range:
    """The full minutes within (start, end]: when a sample would count what was there in that time."""
    return range((int(start) // MINUTE + 1) * MINUTE, int(end) + 1, MINUTE)


def _ends(minutes: Iterable[int]) -> list[int]:
    known = set(minutes)
    return [minute for minute in known if minute + MINUTE not in known]
