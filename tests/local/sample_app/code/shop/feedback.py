"""Notes what SES says about a message."""

import os
from typing import Any

import boto3

dynamodb = boto3.client("dynamodb")


def handler(event: Any, _context: Any) -> None:
    dynamodb.update_item(
        TableName=os.environ["TABLE"],
        Key={"PK": {"S": f"MESSAGE#{event['detail']['mail']['messageId']}"}, "SK": {"S": "FEEDBACK"}},
        UpdateExpression="SET seen = list_append(if_not_exists(seen, :none), :one)",
        ExpressionAttributeValues={":none": {"L": []}, ":one": {"L": [{"S": event["detail-type"]}]}},
    )
