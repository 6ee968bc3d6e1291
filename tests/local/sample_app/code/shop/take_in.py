"""Takes events off the queue, stores each once, and starts the greeting of a new customer."""

import json
import os
from typing import Any

import boto3

dynamodb = boto3.client("dynamodb")
workflows = boto3.client("stepfunctions")


def take_in(event: dict[str, Any]) -> None:
    detail = event["detail"]
    if detail.get("poison"):
        raise ValueError("poison")
    customer = detail["customer"]
    dynamodb.put_item(
        TableName=os.environ["TABLE"],
        Item={
            "PK": {"S": f"CUSTOMER#{customer['id']}"},
            "SK": {"S": "PROFILE"},
            "email": {"S": customer["email"]},
            "status": {"S": "new"},
            "due_at": {"S": event["time"]},
        },
    )
    workflows.start_execution(
        stateMachineArn=os.environ["MACHINE"],
        name=f"greet-{customer['id']}",
        input=json.dumps({"customer": customer["id"]}),
    )


def handler(event: Any, _context: Any) -> Any:
    failures = []
    for record in event["Records"]:
        try:
            take_in(json.loads(record["body"]))
        except ValueError:
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}
