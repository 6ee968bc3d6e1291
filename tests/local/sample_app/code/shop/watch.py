"""Reads the table's stream; a record that says so fails."""

from typing import Any


def handler(event: Any, _context: Any) -> Any:
    failures = []
    for record in event["Records"]:
        image = record["dynamodb"].get("NewImage", {})
        if "broken" in image:
            failures.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
            break
    return {"batchItemFailures": failures}
