"""PutEvents over AWS's own protocol (AWS JSON 1.1), so that any AWS SDK can be pointed here.

Credentials and signatures are not checked: there is nothing to protect, and an SDK needs some to start.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError, ParamValidationError

from local_cloud import LocalCloud
from outreach_tools.local_server.exchange import Answer, Request

TARGET_HEADER = "x-amz-target"
PUT_EVENTS = "AWSEvents.PutEvents"


def is_for_aws(request: Request) -> bool:
    """Whether an AWS SDK sends it: each operation is a POST of the root."""
    return TARGET_HEADER in request.headers or (request.method == "POST" and request.path == "/")


def answer_as_aws(cloud: LocalCloud, request: Request) -> Answer:
    """The answer of EventBridge, or an error in the form that SDKs read."""
    target = request.headers.get(TARGET_HEADER, "none")
    if target != PUT_EVENTS:
        return _error(
            "UnknownOperationException",
            f"outreach local answers {PUT_EVENTS} and no other call, not {target}",
        )
    try:
        parameters = json.loads(request.body)
    except ValueError:
        return _error("SerializationException", "the body is not JSON")
    if not isinstance(parameters, dict) or "Entries" not in parameters:
        return _error("SerializationException", 'the body must be an object: {"Entries": [...]}')
    try:
        answer = cloud.client("events").put_events(Entries=parameters["Entries"])
    except ParamValidationError as error:
        return _error("ValidationException", str(error))
    except ClientError as error:
        return _error(error.response["Error"]["Code"], error.response["Error"]["Message"])
    cloud.settle()
    return _as_aws(200, {name: answer[name] for name in ("FailedEntryCount", "Entries")})


def sound_entries(request: Request, answer: Answer) -> list[Mapping[str, Any]]:
    """The entries that PutEvents took."""
    if request.headers.get(TARGET_HEADER) != PUT_EVENTS or answer.status != 200:  # noqa: PLR2004 - HTTP's OK
        return []
    entries = json.loads(request.body)["Entries"]
    results = json.loads(answer.body)["Entries"]
    return [entry for entry, result in zip(entries, results, strict=True) if "EventId" in result]


def _error(code: str, message: str, status: int = 400) -> Answer:
    return _as_aws(status, {"__type": code, "message": message}, {"x-amzn-errortype": code})


def _as_aws(status: int, document: Mapping[str, Any], more: Mapping[str, str] | None = None) -> Answer:
    headers = {"content-type": "application/x-amz-json-1.1", "x-amzn-requestid": str(uuid4()), **(more or {})}
    return Answer(status, json.dumps(document).encode(), headers)
