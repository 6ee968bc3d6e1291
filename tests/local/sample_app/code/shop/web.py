"""Answers the browser."""

import base64
import json
from typing import Any


def handler(event: Any, _context: Any) -> Any:
    body = event.get("body", "")
    if event["isBase64Encoded"]:
        body = base64.b64decode(body).decode()
    seen = {
        "method": event["requestContext"]["http"]["method"],
        "route": event["routeKey"],
        "token": event.get("pathParameters", {}).get("token"),
        "query": event.get("queryStringParameters"),
        "cookies": event.get("cookies"),
        "body": body,
    }
    if body == "crash":
        raise RuntimeError("crash")
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(seen)}
