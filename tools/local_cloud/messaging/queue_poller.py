"""Lambda's pollers of SQS queues: batches, partial failures, and retries through the visibility time-out."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local_cloud.access.callers import REGION
from local_cloud.clock import VirtualClock
from local_cloud.functions.runtime import Result
from local_cloud.messaging.patterns import Pattern
from local_cloud.messaging.queue import Message, Queue
from local_cloud.messaging.sqs import system_attributes


@dataclass(frozen=True, slots=True)
class EventSource:
    """An AWS::Lambda::EventSourceMapping."""

    function: str
    """Name of the function."""
    source_arn: str
    batch_size: int
    partial_failures: bool
    filters: tuple[Pattern, ...]
    batching_window: float

    @classmethod
    def from_properties(cls, function: str, properties: Mapping[str, Any]) -> "EventSource":
        """Read the CloudFormation properties."""
        filters = properties.get("FilterCriteria", {}).get("Filters", [])
        return cls(
            function=function,
            source_arn=properties["EventSourceArn"],
            batch_size=int(properties.get("BatchSize", 10)),
            partial_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
            filters=tuple(Pattern(f["Pattern"]) for f in filters),
            batching_window=float(properties.get("MaximumBatchingWindowInSeconds", 0)),
        )

    def wants(self, record: Mapping[str, Any]) -> bool:
        return not self.filters or any(f.matches(record) for f in self.filters)


def failed_items(result: Result, source: EventSource, every: list[str]) -> list[str]:
    """Which items of a batch failed, by id; an answer that names unknown items fails all, as on AWS."""
    if result.failed:
        return every
    if not source.partial_failures:
        return []
    answer = json.loads(result.payload)
    if not isinstance(answer, dict) or not answer.get("batchItemFailures"):
        return []
    named = [item.get("itemIdentifier") for item in answer["batchItemFailures"]]
    return named if all(name in every for name in named) else every


@dataclass(slots=True)
class QueuePollers:
    """Wakes when something can be received, and only then."""

    clock: VirtualClock
    invoke: Callable[[str, str], Result]
    _sources: dict[str, list[EventSource]] = field(default_factory=dict)
    _planned: dict[str, float] = field(default_factory=dict)

    def add(self, queue: Queue, source: EventSource) -> None:
        self._sources.setdefault(queue.arn, []).append(source)
        visible = queue.next_visible()
        if visible is not None:
            self.arrived(queue, visible)

    def arrived(self, queue: Queue, when: float) -> None:
        """Plan to poll at `when`, unless an earlier or equal poll is planned already."""
        sources = self._sources.get(queue.arn)
        if not sources:
            return
        when = max(when, self.clock.now) + min(s.batching_window for s in sources)
        planned = self._planned.get(queue.arn)
        if planned is not None and planned <= when:
            return
        self._planned[queue.arn] = when
        self.clock.call_at(when, lambda: self._poll(queue, when))

    def _poll(self, queue: Queue, planned_for: float) -> None:
        if self._planned.get(queue.arn) != planned_for:
            return  # an earlier poll was planned later and has done the work
        del self._planned[queue.arn]
        for source in self._sources[queue.arn]:
            while messages := queue.receive(source.batch_size, self.clock.now):
                self._hand_over(queue, source, messages)
        again = queue.next_visible()
        if again is not None:
            self.arrived(queue, again)

    def _hand_over(self, queue: Queue, source: EventSource, messages: list[Message]) -> None:
        records = {m.message_id: _record(m, queue.arn) for m in messages}
        wanted = (
            {i: r for i, r in records.items() if source.wants(_with_parsed_body(r))}
            if source.filters
            else records
        )
        receipts = {m.message_id: m.receipts[-1] for m in messages}
        failed: list[str] = []
        if wanted:
            result = self.invoke(source.function, json.dumps({"Records": list(wanted.values())}))
            failed = failed_items(result, source, list(wanted))
        for message_id, receipt in receipts.items():
            if message_id not in failed:
                queue.remove(receipt, self.clock.now)


def _record(message: Message, arn: str) -> dict[str, Any]:
    return {
        "messageId": message.message_id,
        "receiptHandle": message.receipts[-1],
        "body": message.body,
        "attributes": system_attributes(message),
        "messageAttributes": {
            name: {_first_lower(k): v for k, v in value.items()} for name, value in message.attributes.items()
        },
        "md5OfBody": message.md5,
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": REGION,
    }


def _first_lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _with_parsed_body(record: dict[str, Any]) -> dict[str, Any]:
    try:
        return {**record, "body": json.loads(record["body"])}
    except ValueError:
        return record
