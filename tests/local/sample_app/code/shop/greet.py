"""Sends one greeting."""

import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3

dynamodb = boto3.client("dynamodb")
mail = boto3.client("sesv2")


def handler(event: Any, _context: Any) -> Any:
    key = {"PK": {"S": f"CUSTOMER#{event['customer']}"}, "SK": {"S": "PROFILE"}}
    customer = dynamodb.get_item(TableName=os.environ["TABLE"], Key=key)["Item"]
    html = Path(os.environ["WORDS"], "welcome.html").read_text().replace("{{name}}", event["customer"])
    answer = mail.send_email(
        FromEmailAddress=os.environ["SENDER"],
        Destination={"ToAddresses": [customer["email"]["S"]]},
        ConfigurationSetName=os.environ["CONFIGURATION_SET"],
        Content={
            "Simple": {
                "Subject": {"Data": f"{event['word']}!"},
                "Body": {"Text": {"Data": "Hello"}, "Html": {"Data": html}},
                "Headers": [{"Name": "List-Unsubscribe", "Value": "<https://example.com/u/1>"}],
            }
        },
        EmailTags=[{"Name": "send", "Value": str(uuid4())}],
    )
    dynamodb.update_item(
        TableName=os.environ["TABLE"],
        Key=key,
        UpdateExpression="ADD greetings :one SET #s = :greeted",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={":one": {"N": "1"}, ":greeted": {"S": "greeted"}},
    )
    return {"message_id": answer["MessageId"]}
