"""The functions of a stack that runs in this process: payload in, answer out, as Lambda would."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from local_cloud import LocalCloud

EVENTS = Path(__file__).parents[1] / "events"


class FunctionFailedError(Exception):
    """The function raised; the message is the name of its error."""


def sample(name: str) -> dict[str, Any]:
    """A fresh copy of a sample event."""
    content: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return content


def batch_of(*bodies: str) -> dict[str, Any]:
    """A batch of messages as the queue delivers them; their ids are m-0, m-1 and so on."""
    (record,) = sample("sqs-batch")["Records"]
    records = [deepcopy(record) | {"messageId": f"m-{n}", "body": body} for n, body in enumerate(bodies)]
    return {"Records": records}


class Functions:
    """Calls the functions of a stack."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.cloud = cloud

    def call(self, name: str, payload: dict[str, Any]) -> Any:
        """What the function answers. Raises FunctionFailedError."""
        client = self.cloud.client("lambda")
        answer = client.invoke(FunctionName=self.cloud.resource(name), Payload=json.dumps(payload))
        content = json.loads(answer["Payload"].read() or "null")
        if "FunctionError" in answer:
            raise FunctionFailedError(content["errorType"])
        return content

    def refused(self) -> list[tuple[str, str]]:
        """Body and reason of every message that is in the dead-letter queue now."""
        url = self.cloud.resource("IntakeDeadLetterQueue")
        found = self.cloud.client("sqs").receive_message(
            QueueUrl=url, MessageAttributeNames=["Reason"], MaxNumberOfMessages=10
        )
        return [
            (each["Body"], each["MessageAttributes"]["Reason"]["StringValue"])
            for each in found.get("Messages", [])
        ]
