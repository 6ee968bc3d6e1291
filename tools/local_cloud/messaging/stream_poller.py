"""Lambda's pollers of DynamoDB streams: in order, in batches, again from the first failure on."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from local_cloud.clock import VirtualClock
from local_cloud.functions.runtime import Result
from local_cloud.messaging.queue_poller import EventSource, failed_items
from local_cloud.records import DeadDelivery

# AWS retries "until success or expiry" (24 hours); with its growing pauses that is about this often.
_RETRIES_UNTIL_EXPIRY = 60
_LONGEST_PAUSE = 60.0
_KEPT = 5_000


@dataclass(slots=True)
class _Position:
    source: EventSource
    at: int
    planned: bool = False
    tries: int = 0


@dataclass(slots=True)
class Stream:
    """The records of one table's stream, as far as a reader still has to read them."""

    arn: str
    records: list[dict[str, Any]] = field(default_factory=list)
    dropped: int = 0
    """How many records were dropped at the front; positions count from the first record ever."""
    readers: list[_Position] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.dropped + len(self.records)

    def window(self, start: int, count: int) -> list[dict[str, Any]]:
        return self.records[start - self.dropped : start - self.dropped + count]

    def forget_what_is_read(self) -> None:
        """Records are kept only until every reader is past them; without readers, none are."""
        behind = min((r.at for r in self.readers), default=self.end) - self.dropped
        if behind > _KEPT or not self.readers:
            del self.records[:behind]
            self.dropped += behind


@dataclass(slots=True)
class StreamPollers:
    """All streams that functions read."""

    clock: VirtualClock
    invoke: Callable[[str, str], Result]
    record_dead: Callable[[DeadDelivery], None]
    send_to_queue: Callable[[str, str], None]
    _streams: dict[str, Stream] = field(default_factory=dict)

    def add(self, source: EventSource) -> None:
        stream = self._streams.setdefault(source.source_arn, Stream(source.source_arn))
        stream.readers.append(_Position(source, stream.end))

    def has_readers(self, stream_arn: str) -> bool:
        return stream_arn in self._streams

    def arrived(self, stream_arn: str, record: dict[str, Any]) -> None:
        """A change was written to a table."""
        stream = self._streams.get(stream_arn)
        if stream is None:
            return
        stream.records.append(record)
        for position in stream.readers:
            if not position.planned:
                self._plan(stream, position, position.source.batching_window)

    def _plan(self, stream: Stream, position: _Position, seconds: float) -> None:
        position.planned = True
        self.clock.call_in(seconds, lambda: self._poll(stream, position))

    def _poll(self, stream: Stream, position: _Position) -> None:
        position.planned = False
        source = position.source
        while batch := stream.window(position.at, source.batch_size):
            wanted = [r for r in batch if source.wants(r)]
            failed = self._hand_over(source, wanted) if wanted else None
            if failed is None:
                position.at += len(batch)
                position.tries = 0
                continue
            numbers = [r["dynamodb"]["SequenceNumber"] for r in batch]
            position.at += numbers.index(failed)
            position.tries += 1
            limit = _RETRIES_UNTIL_EXPIRY if source.maximum_retries is None else source.maximum_retries
            if position.tries > limit:
                self._give_up(source, stream.window(position.at, source.batch_size))
                position.at += len(stream.window(position.at, source.batch_size))
                position.tries = 0
                continue
            self._plan(stream, position, min(2.0**position.tries, _LONGEST_PAUSE))
            return
        stream.forget_what_is_read()

    def _hand_over(self, source: EventSource, records: list[dict[str, Any]]) -> str | None:
        """The sequence number of the first record that failed, None when none did."""
        numbers = [r["dynamodb"]["SequenceNumber"] for r in records]
        result = self.invoke(source.function, json.dumps({"Records": records}))
        failed = failed_items(result, source, numbers)
        return next((n for n in numbers if n in failed), None)

    def _give_up(self, source: EventSource, records: list[dict[str, Any]]) -> None:
        payload = json.dumps({"Records": records})
        if source.on_failure:
            self.send_to_queue(source.on_failure, payload)
            return
        now = self.clock.now_as_datetime
        self.record_dead(DeadDelivery(source.source_arn, source.function, payload, "retries exhausted", now))
