"""The SQS service of the local cloud: standard queues on the virtual clock."""

import json
from typing import TYPE_CHECKING, Any

from local_cloud.access.callers import ACCOUNT
from local_cloud.access.policies import admits, as_list, decide
from local_cloud.clock import VirtualClock
from local_cloud.errors import AwsError, NotEmulatedError
from local_cloud.messaging.queue import Message, Queue
from local_cloud.randomness import Randomness

if TYPE_CHECKING:
    from collections.abc import Callable

BODY_LIMIT = 1_048_576  # bytes of one message, and of all messages of one batch
BATCH_LIMIT = 10


class Sqs:
    """All queues by name."""

    rest_is_motos = False

    def __init__(self, clock: VirtualClock, randomness: Randomness) -> None:
        self._clock = clock
        self._randomness = randomness
        self._queues: dict[str, Queue] = {}
        self._dead_letter_queues: set[str] = set()
        """Names of the queues that another queue or a delivery has as its dead-letter queue."""
        self.arrived: Callable[[Queue, float], None] = lambda queue, when: None  # noqa: ARG005 - ignores
        self.operations = {
            "CreateQueue": self._create_queue,
            "DeleteQueue": self._delete_queue,
            "ListQueues": self._list_queues,
            "GetQueueUrl": lambda p: {"QueueUrl": self.by_name(p["QueueName"]).url},
            "GetQueueAttributes": self._get_attributes,
            "SetQueueAttributes": self._set_attributes,
            "SendMessage": self._send_message,
            "SendMessageBatch": self._send_batch,
            "ReceiveMessage": self._receive,
            "DeleteMessage": self._delete_message,
            "DeleteMessageBatch": self._delete_batch,
            "ChangeMessageVisibility": self._change_visibility,
            "ChangeMessageVisibilityBatch": self._change_batch,
            "PurgeQueue": self._purge,
        }

    def by_name(self, name_or_arn_or_url: str) -> Queue:
        """A queue.

        Raises AwsError when it does not exist.
        """
        name = name_or_arn_or_url.rpartition("/")[2].rpartition(":")[2]
        if name not in self._queues:
            raise AwsError(
                "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.", 404
            )
        return self._queues[name]

    def queues(self) -> list[Queue]:
        """All queues."""
        return list(self._queues.values())

    def put(self, arn: str, body: str, _: object = None) -> None:
        """Send a message from inside AWS."""
        self._add(self.by_name(arn), body, 0, {})

    def keep_dead(self, arn: str, body: str, reason: str) -> None:
        """Put what could not be delivered into a dead-letter queue, with the attribute that AWS adds."""
        queue = self.by_name(arn)
        self._dead_letter_queues.add(queue.name)
        self._add(queue, body, 0, {"ERROR_MESSAGE": {"DataType": "String", "StringValue": reason}})

    def dead_messages(self, url: str) -> list[Message]:
        """The messages of a queue if it is a dead-letter queue, else nothing; none is received by it."""
        queue = self._queues.get(url.rpartition("/")[2])
        return [] if queue is None or queue.name not in self._dead_letter_queues else queue.messages()

    def may_receive(self, arn: str, principal: str, source: str) -> bool:
        """Whether the queue's policy lets a service deliver from a source."""
        policy = json.loads(self.by_name(arn).attributes.get("Policy", '{"Statement": []}'))
        context = {
            "aws:SourceArn": (source,),
            "aws:SourceAccount": (ACCOUNT,),
            "aws:SecureTransport": ("true",),
        }
        statements = [s for s in as_list(policy["Statement"]) if admits(s.get("Principal"), principal)]
        return decide(statements, "sqs:SendMessage", (arn,), context)

    # --- operations

    def _create_queue(self, params: dict[str, Any]) -> dict[str, Any]:
        name, attributes = params["QueueName"], dict(params.get("Attributes", {}))
        if name.endswith(".fifo") or attributes.get("FifoQueue") == "true":
            raise NotEmulatedError(f"queue {name}: the local cloud has standard queues only, no FIFO queues")
        queue = self._queues.get(name)
        if queue is None:
            queue = Queue(name, {}, lambda: self._randomness.uuid("receipts"), self._notify_of_arrival)
            self._queues[name] = queue
        self._apply(queue, attributes)
        return {"QueueUrl": queue.url}

    def _notify_of_arrival(self, queue: Queue, when: float) -> None:
        self.arrived(queue, when)

    def _apply(self, queue: Queue, attributes: dict[str, str]) -> None:
        queue.attributes |= attributes
        if attributes.get("RedrivePolicy"):
            policy = json.loads(attributes["RedrivePolicy"])
            queue.dead_letters = self.by_name(policy["deadLetterTargetArn"])
            self._dead_letter_queues.add(queue.dead_letters.name)
            queue.maximum_receives = int(policy["maxReceiveCount"])

    def _set_attributes(self, params: dict[str, Any]) -> dict[str, Any]:
        self._apply(self.by_name(params["QueueUrl"]), params["Attributes"])
        return {}

    def _get_attributes(self, params: dict[str, Any]) -> dict[str, Any]:
        queue = self.by_name(params["QueueUrl"])
        visible, in_flight, delayed = queue.counts(self._clock.now)
        known = {
            "VisibilityTimeout": "30",
            "MessageRetentionPeriod": "345600",
            "DelaySeconds": "0",
            **queue.attributes,
            "QueueArn": queue.arn,
            "ApproximateNumberOfMessages": str(visible),
            "ApproximateNumberOfMessagesNotVisible": str(in_flight),
            "ApproximateNumberOfMessagesDelayed": str(delayed),
        }
        wanted = params.get("AttributeNames", ["All"])
        return {"Attributes": {k: v for k, v in known.items() if "All" in wanted or k in wanted}}

    def _list_queues(self, params: dict[str, Any]) -> dict[str, Any]:
        prefix = params.get("QueueNamePrefix", "")
        return {"QueueUrls": [q.url for name, q in self._queues.items() if name.startswith(prefix)]}

    def _delete_queue(self, params: dict[str, Any]) -> dict[str, Any]:
        del self._queues[self.by_name(params["QueueUrl"]).name]
        return {}

    def _purge(self, params: dict[str, Any]) -> dict[str, Any]:
        self.by_name(params["QueueUrl"]).clear(self._clock.now)
        return {}

    def _send_message(self, params: dict[str, Any]) -> dict[str, Any]:
        queue = self.by_name(params["QueueUrl"])
        _refuse_too_large(params["MessageBody"])
        delay = params.get("DelaySeconds", int(queue.attributes.get("DelaySeconds", "0")))
        message = self._add(queue, params["MessageBody"], delay, params.get("MessageAttributes", {}))
        return {"MessageId": message.message_id, "MD5OfMessageBody": message.md5}

    def _send_batch(self, params: dict[str, Any]) -> dict[str, Any]:
        queue = self.by_name(params["QueueUrl"])
        entries = _batch(params["Entries"])
        _refuse_too_large("".join(e["MessageBody"] for e in entries))
        sent = []
        for entry in entries:
            delay = entry.get("DelaySeconds", int(queue.attributes.get("DelaySeconds", "0")))
            message = self._add(queue, entry["MessageBody"], delay, entry.get("MessageAttributes", {}))
            sent.append({"Id": entry["Id"], "MessageId": message.message_id, "MD5OfMessageBody": message.md5})
        return {"Successful": sent, "Failed": []}

    def _add(self, queue: Queue, body: str, delay: int, attributes: dict[str, Any]) -> Message:
        now = self._clock.now
        message = Message(self._randomness.uuid("messages"), body, dict(attributes), now, now + delay)
        queue.add(message)
        queue.sent.append(now)
        return message

    def _receive(self, params: dict[str, Any]) -> dict[str, Any]:
        queue = self.by_name(params["QueueUrl"])
        count = params.get("MaxNumberOfMessages", 1)
        messages = queue.receive(count, self._clock.now, params.get("VisibilityTimeout"))
        return {"Messages": [as_received(m) for m in messages]} if messages else {}

    def _delete_message(self, params: dict[str, Any]) -> dict[str, Any]:
        self.by_name(params["QueueUrl"]).remove(params["ReceiptHandle"], self._clock.now)
        return {}

    def _delete_batch(self, params: dict[str, Any]) -> dict[str, Any]:
        queue = self.by_name(params["QueueUrl"])
        for entry in _batch(params["Entries"]):
            queue.remove(entry["ReceiptHandle"], self._clock.now)
        return {"Successful": [{"Id": e["Id"]} for e in params["Entries"]], "Failed": []}

    def _change_visibility(self, params: dict[str, Any]) -> dict[str, Any]:
        queue = self.by_name(params["QueueUrl"])
        if not queue.change_visibility(params["ReceiptHandle"], params["VisibilityTimeout"], self._clock.now):
            raise AwsError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
        return {}

    def _change_batch(self, params: dict[str, Any]) -> dict[str, Any]:
        for entry in _batch(params["Entries"]):
            self._change_visibility({"QueueUrl": params["QueueUrl"], **entry})
        return {"Successful": [{"Id": e["Id"]} for e in params["Entries"]], "Failed": []}


def as_received(message: Message) -> dict[str, Any]:
    """A message as ReceiveMessage gives it."""
    return {
        "MessageId": message.message_id,
        "ReceiptHandle": message.receipts[-1],
        "MD5OfBody": message.md5,
        "Body": message.body,
        "Attributes": system_attributes(message),
        "MessageAttributes": dict(message.attributes),
    }


def system_attributes(message: Message) -> dict[str, str]:
    """What SQS itself says about a message."""
    return {
        "ApproximateReceiveCount": str(message.received),
        "SentTimestamp": str(int(message.sent_at * 1000)),
        "SenderId": ACCOUNT,
        "ApproximateFirstReceiveTimestamp": str(int(message.first_received_at * 1000)),
    }


def _refuse_too_large(text: str) -> None:
    if len(text.encode()) > BODY_LIMIT:
        raise AwsError(
            "InvalidParameterValue",
            f"One or more parameters are invalid. Reason: Message must be shorter than {BODY_LIMIT} bytes.",
        )


def _batch(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not entries:
        raise AwsError(
            "AWS.SimpleQueueService.EmptyBatchRequest", "There should be at least one entry in the request."
        )
    if len(entries) > BATCH_LIMIT:
        raise AwsError(
            "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            f"Maximum number of entries per request are {BATCH_LIMIT}.",
        )
    if len({e["Id"] for e in entries}) != len(entries):
        raise AwsError(
            "AWS.SimpleQueueService.BatchEntryIdsNotDistinct", "Id of batch entries must be distinct."
        )
    return entries
