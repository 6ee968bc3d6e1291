"""Dead letters: events that intake refused or could not take in, with their reasons, sent back or dropped.

One is sent to the intake queue first and deleted after, so that none is lost; one that is sent twice does no
harm, because intake recognizes events by their ids.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from outreach.adapters.events.message_heading import Heading, heading_of

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

RESERVED_SOURCE = "outreach"
_HELD_SECONDS = 300
"""How long a received message is hidden from others: long enough to send and delete ten."""
_POLL_SECONDS = 2
"""Long polling asks every server of the queue; a short poll may miss messages (SQS developer guide)."""
_NO_REASON = (
    "no reason recorded: each attempt ended in an error, a time-out or throttling (the function's log says "
    "which); send it back once that is over"
)
_RESERVED = (
    f"source: `{RESERVED_SOURCE}` is reserved for Outreach's own events; let the producer use a name of its "
    "own, and send this one back as it is"
)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message: which event or report it holds, and why it is there; never its content."""

    message_id: str
    """SQS's own id."""
    reason: str
    heading: Heading
    digest: str
    """Of the body: a message that comes back has another `message_id` and the same digest."""

    @property
    def shown_id(self) -> str:
        """The operator's name for it: the event's id if it may be shown, else SQS's."""
        return self.heading.event_id or self.message_id

    @property
    def ids(self) -> frozenset[str]:
        """All its names."""
        return frozenset({self.message_id, self.shown_id})


type Chooses = Callable[[DeadLetter], bool]


def _all(_: DeadLetter) -> bool:
    return True


def dead_letters(sqs: "SQSClient", queue_url: str) -> "DeadLetters":
    """The messages of one dead-letter queue, as they are now."""
    return DeadLetters(sqs, queue_url, began=time.time())


class DeadLetters:
    """Messages that came before `began` (seconds since 1970).

    One that is refused again meanwhile waits for the next redrive, or this one would never end.
    """

    def __init__(self, sqs: "SQSClient", queue_url: str, *, began: float) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._began = began

    def about_how_many(self) -> int:
        """SQS's own count; it may be off for a minute."""
        answer = self._sqs.get_queue_attributes(
            QueueUrl=self._queue_url, AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])

    def look(self) -> Iterator[DeadLetter]:
        """Every message; all of them stay."""
        for dead_letter, _ in self._messages(lambda _: False):
            yield dead_letter

    def send_back(self, intake_url: str, chosen: Chooses = _all) -> Iterator[DeadLetter]:
        """Each chosen one, after it was sent to intake (without its reason) and deleted here."""
        for dead_letter, message in self._messages(chosen):
            if chosen(dead_letter):
                self._sqs.send_message(QueueUrl=intake_url, MessageBody=message["Body"])
                self._delete(message)
                yield dead_letter

    def drop(self, chosen: Chooses, record: Callable[[DeadLetter], None]) -> Iterator[DeadLetter]:
        """Each chosen one, after `record` recorded it and it was deleted."""
        for dead_letter, message in self._messages(chosen):
            if chosen(dead_letter):
                record(dead_letter)
                self._delete(message)
                yield dead_letter

    def _messages(self, chosen: Chooses) -> "Iterator[tuple[DeadLetter, MessageTypeDef]]":
        """Messages that are not chosen become visible again at the end, and are not read twice here."""
        kept: list[MessageTypeDef] = []
        try:
            while messages := self._receive():
                for message in messages:
                    dead_letter = _dead_letter(message)
                    if int(message["Attributes"]["SentTimestamp"]) > self._began * 1000:
                        kept.append(message)
                        continue
                    if not chosen(dead_letter):
                        kept.append(message)
                    yield dead_letter, message
        finally:
            for message in kept:
                self._let_go(message)

    def _receive(self) -> "list[MessageTypeDef]":
        answer = self._sqs.receive_message(
            QueueUrl=self._queue_url,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=_POLL_SECONDS,
            VisibilityTimeout=_HELD_SECONDS,
            MessageSystemAttributeNames=["SentTimestamp"],
            MessageAttributeNames=["All"],
        )
        return answer.get("Messages", [])

    def _delete(self, message: "MessageTypeDef") -> None:
        self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"])

    def _let_go(self, message: "MessageTypeDef") -> None:
        self._sqs.change_message_visibility(
            QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
        )


def _dead_letter(message: "MessageTypeDef") -> DeadLetter:
    body = message["Body"]
    heading = heading_of(body)
    return DeadLetter(
        message["MessageId"], _reason(message, heading), heading, sha256(body.encode()).hexdigest()
    )


def _reason(message: "MessageTypeDef", heading: Heading) -> str:
    """Intake's reason, else the error EventBridge noted, else what it may be."""
    attributes = message.get("MessageAttributes", {})
    if "Reason" in attributes:
        return attributes["Reason"]["StringValue"]
    noted = [
        attributes[name]["StringValue"] for name in ("ERROR_CODE", "ERROR_MESSAGE") if name in attributes
    ]
    if noted:
        return f"could not be delivered to the queue: {': '.join(noted)}"
    return _RESERVED if heading.source == RESERVED_SOURCE else _NO_REASON
