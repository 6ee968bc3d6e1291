"""EventBridge's archives: they store the events of a bus, and replay them to its rules on request.

After the EventBridge user guide, "Archiving and replaying events": a replay takes the events by their own
time, minute by minute, adds `replay-name` to each, and is not archived itself.
"""

from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from local_cloud.access.callers import ACCOUNT, REGION
from local_cloud.clock import VirtualClock
from local_cloud.errors import AwsError
from local_cloud.messaging.patterns import Pattern

_MINUTE = 1.0
"""Seconds that the events of one minute take to be replayed."""

type Deliver = Callable[[str, dict[str, Any], Collection[str] | None], None]
"""Hands an event to the rules of a bus: to all that match, or to those with the given ARNs."""


@dataclass(slots=True)
class _Archive:
    arn: str
    bus: str
    pattern: Pattern | None
    retention: timedelta | None
    created_at: datetime
    events: deque[tuple[datetime, dict[str, Any]]] = field(default_factory=deque)
    """Each with its own time, about in the order of time."""


@dataclass(slots=True)
class _Replay:
    archive: _Archive
    start: datetime
    end: datetime
    only: Collection[str] | None
    state: str = "STARTING"
    last: datetime | None = None


class Archives:
    """The archives of all buses, and their replays."""

    def __init__(self, clock: VirtualClock, deliver: Deliver) -> None:
        self._clock = clock
        self._deliver = deliver
        self._archives: dict[str, _Archive] = {}
        self._replays: dict[str, _Replay] = {}
        self.operations = {
            "CreateArchive": self._create_archive,
            "DescribeArchive": self._describe_archive,
            "StartReplay": self._start_replay,
            "DescribeReplay": self._describe_replay,
        }

    def keep(self, bus: str, event: dict[str, Any]) -> None:
        """Store an event that was put on the bus; those that are too old by now are dropped."""
        now = self._clock.now_as_datetime
        for archive in self._archives.values():
            if archive.bus != bus or (archive.pattern is not None and not archive.pattern.matches(event)):
                continue
            if archive.retention is not None:
                while archive.events and archive.events[0][0] < now - archive.retention:
                    archive.events.popleft()
            archive.events.append((datetime.fromisoformat(event["time"]), event))

    def _create_archive(self, params: dict[str, Any]) -> dict[str, Any]:
        name, days = params["ArchiveName"], params.get("RetentionDays", 0)
        if name in self._archives:
            raise AwsError("ResourceAlreadyExistsException", f"Archive {name} already exists.")
        archive = _Archive(
            f"arn:aws:events:{REGION}:{ACCOUNT}:archive/{name}",
            params["EventSourceArn"].rpartition("/")[2],
            Pattern(params["EventPattern"]) if "EventPattern" in params else None,
            timedelta(days=days) if days else None,
            self._clock.now_as_datetime,
        )
        self._archives[name] = archive
        return {"ArchiveArn": archive.arn, "State": "ENABLED"}

    def _describe_archive(self, params: dict[str, Any]) -> dict[str, Any]:
        archive = self._archive(params["ArchiveName"])
        return {
            "ArchiveName": params["ArchiveName"],
            "ArchiveArn": archive.arn,
            "State": "ENABLED",
            "EventCount": len(archive.events),
            "CreationTime": archive.created_at,
        }

    def _start_replay(self, params: dict[str, Any]) -> dict[str, Any]:
        name, destination = params["ReplayName"], params["Destination"]
        archive = self._archive(params["EventSourceArn"].rpartition("/")[2])
        if name in self._replays:
            raise AwsError("ResourceAlreadyExistsException", f"Replay {name} already exists.")
        if destination["Arn"].rpartition("/")[2] != archive.bus:
            raise AwsError(
                "ValidationException", "Destination must be the bus that the archive was made from."
            )
        start, end = (_instant(params[key]) for key in ("EventStartTime", "EventEndTime"))
        if start >= end:
            raise AwsError("ValidationException", "EventStartTime must be before EventEndTime.")
        replay = _Replay(archive, start, end, destination.get("FilterArns") or None)
        self._replays[name] = replay
        self._clock.call_at(self._clock.now + _MINUTE, lambda: self._begin(name, replay))
        return {"ReplayArn": f"arn:aws:events:{REGION}:{ACCOUNT}:replay/{name}", "State": replay.state}

    def _begin(self, name: str, replay: _Replay) -> None:
        replay.state = "RUNNING"
        minutes: dict[datetime, list[dict[str, Any]]] = {}
        for at, event in replay.archive.events:
            if replay.start <= at < replay.end:
                minutes.setdefault(at.replace(second=0, microsecond=0), []).append(event)
        self._go_on(name, replay, [(at, minutes[at]) for at in sorted(minutes)])

    def _go_on(self, name: str, replay: _Replay, left: list[tuple[datetime, list[dict[str, Any]]]]) -> None:
        if not left:
            replay.state = "COMPLETED"
            return
        at, events = left[0]
        for event in events:
            self._deliver(replay.archive.bus, {**event, "replay-name": name}, replay.only)
        replay.last = at
        self._clock.call_at(self._clock.now + _MINUTE, lambda: self._go_on(name, replay, left[1:]))

    def _describe_replay(self, params: dict[str, Any]) -> dict[str, Any]:
        name = params["ReplayName"]
        replay = self._replays.get(name)
        if replay is None:
            raise AwsError("ResourceNotFoundException", f"Replay {name} does not exist.")
        last = {} if replay.last is None else {"EventLastReplayedTime": replay.last}
        return {"ReplayName": name, "State": replay.state, "EventSourceArn": replay.archive.arn, **last}

    def _archive(self, name: str) -> _Archive:
        if name not in self._archives:
            raise AwsError("ResourceNotFoundException", f"Archive {name} does not exist.")
        return self._archives[name]


def _instant(given: Any) -> datetime:
    """As a client or the wire gives it: a datetime, or seconds since 1970."""
    if isinstance(given, datetime):
        return given.astimezone(UTC)
    return datetime.fromtimestamp(float(given), UTC)
