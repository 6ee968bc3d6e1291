"""One standard SQS queue: delays, visibility time-outs, receive counts and redrive to a dead-letter queue."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local_cloud.access.callers import ACCOUNT, REGION
from local_cloud.messaging.spans import QueueSpans, Span


@dataclass(slots=True)
class Message:
    """A message and its state."""

    message_id: str
    body: str
    attributes: Mapping[str, Any]
    sent_at: float
    visible_at: float
    receipts: list[str] = field(default_factory=list)
    """Every receipt handed out so far, the newest last."""
    received: int = 0
    first_received_at: float = 0.0
    moved_at: float | None = None
    """When it was moved to this queue, a dead-letter queue."""

    @property
    def here_since(self) -> float:
        return self.sent_at if self.moved_at is None else self.moved_at

    @property
    def reason(self) -> str:
        """Why it was refused, if one of the attributes for that says so."""
        told = [self.attributes[name] for name in ("Reason", "ERROR_MESSAGE") if name in self.attributes]
        return str(told[0].get("StringValue", "")) if told else ""

    @property
    def md5(self) -> str:
        return hashlib.md5(self.body.encode(), usedforsecurity=False).hexdigest()


@dataclass(slots=True)
class Queue:
    """Times are seconds; `arrived` is called with the time from which something can be received."""

    name: str
    attributes: dict[str, str]
    new_receipt: Callable[[], str]
    arrived: Callable[["Queue", float], None]
    dead_letters: "Queue | None" = None
    maximum_receives: int = 0
    spans: QueueSpans = field(default_factory=QueueSpans)
    sent: list[float] = field(default_factory=list)
    """When messages were sent to it; one that SQS moves here from another queue is not sent."""
    _messages: dict[str, Message] = field(default_factory=dict)
    _by_receipt: dict[str, Message] = field(default_factory=dict)

    @property
    def arn(self) -> str:
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{self.name}"

    @property
    def url(self) -> str:
        return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{self.name}"

    @property
    def visibility_timeout(self) -> int:
        return int(self.attributes.get("VisibilityTimeout", "30"))

    def __len__(self) -> int:
        return len(self._messages)

    def add(self, message: Message) -> None:
        self._messages[message.message_id] = message
        self.arrived(self, message.visible_at)

    def receive(self, count: int, now: float, visibility: int | None = None) -> list[Message]:
        """Up to `count` visible messages, in order of arrival; they become invisible for a while."""
        self._expire(now)
        hide_for = self.visibility_timeout if visibility is None else visibility
        taken: list[Message] = []
        exhausted: list[Message] = []
        for message in self._messages.values():
            if len(taken) == count:
                break
            if message.visible_at > now:
                continue
            if self.dead_letters is not None and message.received >= self.maximum_receives:
                exhausted.append(message)
                continue
            self.spans.add_visible(message.visible_at, now)
            message.received += 1
            message.first_received_at = message.first_received_at or now
            message.visible_at = now + hide_for
            receipt = self.new_receipt()
            message.receipts.append(receipt)
            self._by_receipt[receipt] = message
            taken.append(message)
        for message in exhausted:
            self._bury(message, now)
        return taken

    def remove(self, receipt: str, now: float) -> None:
        """Delete the message of a receipt; as on SQS it is no error when it is already deleted."""
        message = self._by_receipt.get(receipt)
        if message is not None:
            self._forget(message, now)

    def change_visibility(self, receipt: str, seconds: int, now: float) -> bool:
        """Hide the message of a receipt for so many seconds from now; False when it is not there."""
        message = self._by_receipt.get(receipt)
        if message is None:
            return False
        self.spans.add_visible(message.visible_at, now)
        message.visible_at = now + seconds
        self.arrived(self, message.visible_at)
        return True

    def clear(self, now: float) -> None:
        for message in list(self._messages.values()):
            self._forget(message, now)

    def visible_spans(self, now: float) -> list[Span]:
        """For each time that a message could be received: from when to when, seconds since the epoch."""
        self._expire(now)
        open_spans = [(m.visible_at, now) for m in self._messages.values()]
        return [*self.spans.visible, *open_spans]

    def present_spans(self, now: float) -> list[Span]:
        """For each message: since when it was in this queue, and until when."""
        self._expire(now)
        return [*self.spans.present, *((m.here_since, now) for m in self._messages.values())]

    def counts(self, now: float) -> tuple[int, int, int]:
        """How many messages are visible, in flight, and delayed."""
        self._expire(now)
        hidden = [m for m in self._messages.values() if m.visible_at > now]
        delayed = sum(m.received == 0 for m in hidden)
        return len(self._messages) - len(hidden), len(hidden) - delayed, delayed

    def next_visible(self) -> float | None:
        """When the next message can be received."""
        return min((m.visible_at for m in self._messages.values()), default=None)

    def messages(self) -> list[Message]:
        """All messages, for display and tests; reading them receives nothing."""
        return list(self._messages.values())

    def _bury(self, message: Message, now: float) -> None:
        assert self.dead_letters is not None  # noqa: S101 - the caller has checked
        self._forget(message, now)
        message.visible_at = message.moved_at = now
        self.dead_letters.add(message)

    def _expire(self, now: float) -> None:
        kept = int(self.attributes.get("MessageRetentionPeriod", "345600"))
        while self._messages:
            first = next(iter(self._messages.values()))
            if first.sent_at + kept >= now:
                return
            self._forget(first, first.sent_at + kept)

    def _forget(self, message: Message, now: float) -> None:
        self.spans.add_visible(message.visible_at, now)
        self.spans.add_present(message.here_since, now)
        del self._messages[message.message_id]
        for receipt in message.receipts:
            del self._by_receipt[receipt]
        message.receipts.clear()
