"""Dead letters: events that intake refused or could not take in, read with their reasons and sent back.

A letter is sent to the intake queue first and deleted after, so that none is lost; one that is sent twice
does no harm, because intake knows events by their ids.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_HELD_SECONDS = 300
"""How long a received letter is hidden from others: long enough to send and delete ten."""
_POLL_SECONDS = 2
"""Long polling asks every server of the queue; a short poll may miss letters (SQS developer guide)."""
_NO_REASON = "could not be taken in (no reason recorded)"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One letter: why it lies there, never what is in it."""

    message_id: str
    reason: str


def dead_letters(sqs: "SQSClient", queue_url: str) -> "DeadLetters":
    """The letters of one dead-letter queue, as they lie there now."""
    return DeadLetters(sqs, queue_url, began=time.time())


class DeadLetters:
    """Letters that came before `began` (seconds since 1970).

    One that is refused again while we are at it waits for the next redrive, or this one would never end.
    """

    def __init__(self, sqs: "SQSClient", queue_url: str, *, began: float) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._began = began

    def about_how_many(self) -> int:
        """What SQS thinks there are; it may be off for a minute."""
        answer = self._sqs.get_queue_attributes(
            QueueUrl=self._queue_url, AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])

    def look(self) -> Iterator[DeadLetter]:
        """Every letter; all of them stay."""
        held = []
        try:
            for message in self._messages():
                held.append(message)
                yield _letter(message)
        finally:
            for message in held:
                self._let_go(message)

    def send_back(self, intake_url: str) -> Iterator[DeadLetter]:
        """Every letter, after it was sent to intake (without its reason) and deleted here."""
        for message in self._messages():
            self._sqs.send_message(QueueUrl=intake_url, MessageBody=message["Body"])
            self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"])
            yield _letter(message)

    def _messages(self) -> "Iterator[MessageTypeDef]":
        newer: list[MessageTypeDef] = []
        try:
            while messages := self._receive():
                for message in messages:
                    if int(message["Attributes"]["SentTimestamp"]) > self._began * 1000:
                        newer.append(message)
                    else:
                        yield message
        finally:
            for message in newer:
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

    def _let_go(self, message: "MessageTypeDef") -> None:
        self._sqs.change_message_visibility(
            QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
        )


def _letter(message: "MessageTypeDef") -> DeadLetter:
    """The reason intake gave, else the error EventBridge noted, else that nobody said."""
    attributes = message.get("MessageAttributes", {})
    told = [attributes[name]["StringValue"] for name in ("Reason", "ERROR_CODE") if name in attributes]
    return DeadLetter(message["MessageId"], told[0] if told else _NO_REASON)
