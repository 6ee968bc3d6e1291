"""Events that PutEvents took and Outreach did not: in the dead-letter queue, or on another bus."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from outreach_tools.local import LocalCloud

_MOST_AT_ONCE = 10
_HIDDEN_SECONDS = 60


class RefusedEvents:
    """Reads the dead-letter queue and leaves everything there; remembers what went to another bus."""

    def __init__(self, cloud: LocalCloud) -> None:
        self._cloud = cloud
        self._elsewhere: list[dict[str, Any]] = []

    def note(self, entry: Mapping[str, Any]) -> None:
        """Look at an entry that PutEvents took: AWS drops it without a word if no rule matches it."""
        bus = str(entry.get("EventBusName") or "default").rpartition("/")[2]
        own = self._cloud.outputs["BusName"]
        if bus != own:
            reason = f"is on the bus {bus}, which Outreach does not read; set EventBusName to {own}"
            document = {"event": entry["DetailType"], "source": entry["Source"], "reason": reason}
            self._elsewhere.append(document | {"detail": json.loads(entry["Detail"])})

    def count(self) -> int:
        """How many there are, without a look at each."""
        attributes = self._cloud.client("sqs").get_queue_attributes(
            QueueUrl=self._cloud.outputs["DeadLetterQueueUrl"],
            AttributeNames=["ApproximateNumberOfMessages"],
        )["Attributes"]
        return len(self._elsewhere) + int(attributes["ApproximateNumberOfMessages"])

    def all(self) -> list[dict[str, Any]]:
        """Everything refused so far and not sent again, each with its reason."""
        return [*self._elsewhere, *self._dead_letters()]

    def _dead_letters(self) -> Iterator[dict[str, Any]]:
        sqs, url = self._cloud.client("sqs"), self._cloud.outputs["DeadLetterQueueUrl"]
        held: list[Mapping[str, Any]] = []
        try:
            while received := sqs.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=_MOST_AT_ONCE,
                VisibilityTimeout=_HIDDEN_SECONDS,
                MessageAttributeNames=["All"],
            ).get("Messages", []):
                held += received
                yield from map(_document, received)
        finally:
            for message in held:
                sqs.change_message_visibility(
                    QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
                )


def line_of(refused: Mapping[str, Any]) -> str:
    """One refused event on one line, for the terminal."""
    return f"refused: {refused['event']} from {refused['source']}: {refused['reason']}"


def _document(message: Mapping[str, Any]) -> dict[str, Any]:
    given = message.get("MessageAttributes", {})
    reasons = [
        given[name]["StringValue"] for name in ("Reason", "ERROR_MESSAGE", "ERROR_CODE") if name in given
    ]
    event = json.loads(message["Body"])
    return {
        "event": event.get("detail-type", ""),
        "source": event.get("source", ""),
        "reason": reasons[0] if reasons else "could not be taken in (no reason recorded)",
        "detail": event.get("detail"),
    }
