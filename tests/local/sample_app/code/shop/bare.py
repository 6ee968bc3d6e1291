"""Does what the event says, with a role that allows nothing."""

import os
import time
from typing import Any

import boto3

started = []


def handler(event: Any, context: Any) -> Any:
    started.append(context.aws_request_id)
    match event.get("do"):
        case "read":
            boto3.client("dynamodb").get_item(
                TableName=os.environ["TABLE"], Key={"PK": {"S": "a"}, "SK": {"S": "b"}}
            )
        case "sleep":
            time.sleep(event["seconds"])
        case "fail":
            raise RuntimeError("as told")
        case "exit":
            raise SystemExit(3)
        case "print":
            print("one\ntwo")  # noqa: T201 - the tests look where it goes
        case "stubborn":
            for _ in range(3):
                try:
                    boto3.client("sts").get_caller_identity()
                except BaseException:  # noqa: BLE001, S112 - this is what the test is about
                    continue
        case "set":
            return {1, 2}
    return {
        "left": context.get_remaining_time_in_millis(),
        "started": len(started),
        "name": context.function_name,
    }
