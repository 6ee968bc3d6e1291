"""The SNS service: topics with queues and functions behind them; what people would get is only kept."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from outreach_tools.local.access.callers import ACCOUNT, REGION
from outreach_tools.local.clock import VirtualClock
from outreach_tools.local.errors import AwsError
from outreach_tools.local.messaging.delivery import Delivery
from outreach_tools.local.messaging.expressions import as_utc_text
from outreach_tools.local.randomness import Randomness

if TYPE_CHECKING:
    from collections.abc import Callable

_PRINCIPAL = "sns.amazonaws.com"
_MACHINES = {"sqs", "lambda"}


@dataclass(slots=True)
class _Topic:
    arn: str
    subscriptions: list[tuple[str, str, bool]] = field(default_factory=list)
    """Protocol, endpoint, and whether the message goes there without SNS's envelope."""
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
            "Publish": self._publish,
        }

    def published(self, arn: str) -> list[dict[str, str]]:
        """What has been published to a topic: subject and message."""
        return list(self._topic(arn).messages)

    def take(self, arn: str, payload: str, _: object) -> None:
        """Accept what a rule or schedule delivers."""
        self._publish({"TopicArn": arn, "Message": payload})

    def _create_topic(self, params: dict[str, Any]) -> dict[str, Any]:
        arn = f"arn:aws:sns:{REGION}:{ACCOUNT}:{params['Name']}"
        self._topics.setdefault(arn, _Topic(arn))
        return {"TopicArn": arn}

    def _subscribe(self, params: dict[str, Any]) -> dict[str, Any]:
        plain = str(params.get("Attributes", {}).get("RawMessageDelivery", "false")).lower() == "true"
        topic = self._topic(params["TopicArn"])
        topic.subscriptions.append((params["Protocol"], params["Endpoint"], plain))
        return {"SubscriptionArn": f"{topic.arn}:{len(topic.subscriptions):012d}"}

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
        for protocol, endpoint, plain in topic.subscriptions:
            if protocol in _MACHINES:
                self._delivery.post(topic.arn, _PRINCIPAL, {"Arn": endpoint}, _body(protocol, notice, plain))
        return {"MessageId": message_id}

    def _topic(self, arn: str) -> _Topic:
        if arn not in self._topics:
            raise AwsError("NotFoundException", "Topic does not exist", 404)
        return self._topics[arn]


def _body(protocol: str, notice: dict[str, str], plain: bool) -> str:
    if protocol == "lambda":
        return json.dumps({"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": notice}]})
    return notice["Message"] if plain else json.dumps(notice)
