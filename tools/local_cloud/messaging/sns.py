"""The SNS service: topics with queues and functions as subscribers; what people would get is only stored."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local_cloud.access.callers import ACCOUNT, REGION
from local_cloud.access.policies import admits, as_list, decide
from local_cloud.clock import VirtualClock
from local_cloud.errors import AwsError, NotEmulatedError
from local_cloud.messaging.delivery import Delivery
from local_cloud.messaging.expressions import as_utc_text
from local_cloud.randomness import Randomness

if TYPE_CHECKING:
    from collections.abc import Callable

_PRINCIPAL = "sns.amazonaws.com"
_MACHINES = {"sqs", "lambda"}


@dataclass(frozen=True, slots=True)
class _Subscription:
    protocol: str
    endpoint: str
    is_raw: bool
    """Whether the message is delivered without SNS's envelope."""
    dead_letters: str
    """ARN of the queue for what cannot be delivered; empty for none."""


@dataclass(slots=True)
class _Topic:
    arn: str
    subscriptions: list["_Subscription"] = field(default_factory=list)
    policy: dict[str, Any] = field(default_factory=lambda: {"Statement": []})
    """Without a statement only callers of the own account may publish, and no service."""
    messages: list[dict[str, str]] = field(default_factory=list)


class Sns:
    """All topics by ARN."""

    rest_is_motos = False

    def __init__(self, clock: VirtualClock, randomness: Randomness, delivery: Delivery) -> None:
        self._clock = clock
        self._randomness = randomness
        self._delivery = delivery
        self._topics: dict[str, _Topic] = {}
        self.operations: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "CreateTopic": self._create_topic,
            "ListTopics": lambda _: {"Topics": [{"TopicArn": arn} for arn in self._topics]},
            "Subscribe": self._subscribe,
            "ListSubscriptionsByTopic": self._list_subscriptions,
            "Publish": self._publish,
            "SetTopicAttributes": self._set_attributes,
        }

    def published(self, arn: str) -> list[dict[str, str]]:
        """What has been published to a topic: subject and message."""
        return list(self._topic(arn).messages)

    def take(self, arn: str, payload: str, _: object) -> None:
        """Accept what a rule or schedule delivers."""
        self._publish({"TopicArn": arn, "Message": payload})

    def may_receive(self, arn: str, principal: str, source: str) -> bool:
        """Whether the topic's policy lets a service publish for a source."""
        context = {
            "aws:SourceArn": (source,),
            "aws:SourceAccount": (ACCOUNT,),
            "aws:SecureTransport": ("true",),
        }
        statements = as_list(self._topic(arn).policy["Statement"])
        admitting = [each for each in statements if admits(each.get("Principal"), principal)]
        return decide(admitting, "sns:Publish", (arn,), context)

    def _set_attributes(self, params: dict[str, Any]) -> dict[str, Any]:
        topic = self._topic(params["TopicArn"])
        if params["AttributeName"] != "Policy":
            raise NotEmulatedError(f"attribute {params['AttributeName']} of a topic: only its Policy is")
        topic.policy = json.loads(params["AttributeValue"])
        return {}

    def _create_topic(self, params: dict[str, Any]) -> dict[str, Any]:
        arn = f"arn:aws:sns:{REGION}:{ACCOUNT}:{params['Name']}"
        self._topics.setdefault(arn, _Topic(arn))
        return {"TopicArn": arn}

    def _subscribe(self, params: dict[str, Any]) -> dict[str, Any]:
        attributes = params.get("Attributes", {})
        is_raw = str(attributes.get("RawMessageDelivery", "false")).lower() == "true"
        dead_letters = json.loads(attributes.get("RedrivePolicy", "{}")).get("deadLetterTargetArn", "")
        topic = self._topic(params["TopicArn"])
        topic.subscriptions.append(
            _Subscription(params["Protocol"], params["Endpoint"], is_raw, dead_letters)
        )
        return {"SubscriptionArn": f"{topic.arn}:{len(topic.subscriptions):012d}"}

    def _list_subscriptions(self, params: dict[str, Any]) -> dict[str, Any]:
        """Every subscriber here counts as confirmed."""
        topic = self._topic(params["TopicArn"])
        arns = [f"{topic.arn}:{number:012d}" for number in range(1, len(topic.subscriptions) + 1)]
        return {"Subscriptions": [{"SubscriptionArn": arn, "TopicArn": topic.arn} for arn in arns]}

    def _publish(self, params: dict[str, Any]) -> dict[str, Any]:
        topic = self._topic(params.get("TopicArn") or params.get("TargetArn", ""))
        subject, message = params.get("Subject", ""), params["Message"]
        message_id = self._randomness.uuid("notifications")
        topic.messages.append({"Subject": subject, "Message": message})
        notice = {
            "Type": "Notification",
            "MessageId": message_id,
            "TopicArn": topic.arn,
            "Subject": subject,
            "Message": message,
            "Timestamp": as_utc_text(self._clock.now),
        }
        for each in topic.subscriptions:
            if each.protocol in _MACHINES:
                target = {"Arn": each.endpoint, "DeadLetterConfig": {"Arn": each.dead_letters}}
                body = _body(each.protocol, notice, plain=each.is_raw)
                self._delivery.post(topic.arn, _PRINCIPAL, target, body)
        return {"MessageId": message_id}

    def _topic(self, arn: str) -> _Topic:
        if arn not in self._topics:
            raise AwsError("NotFoundException", "Topic does not exist", 404)
        return self._topics[arn]


def _body(protocol: str, notice: dict[str, str], *, plain: bool) -> str:
    if protocol == "lambda":
        return json.dumps({"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": notice}]})
    return notice["Message"] if plain else json.dumps(notice)
