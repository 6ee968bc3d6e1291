"""Which permissions an AWS call needs: the action, the resource it acts on, and the condition keys it offers.

After the Service Authorization Reference; a service that is not here needs `service:Operation` on `*`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any

from local_cloud.access.callers import ACCOUNT, REGION


@dataclass(frozen=True, slots=True)
class Need:
    """One permission; it is enough to hold it on any one of `resources`."""

    action: str
    resources: tuple[str, ...]
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


type Params = Mapping[str, Any]


def _arn(service: str, rest: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


def _table(params: Params) -> str:
    name = params.get("TableName", "*")
    base = name if name.startswith("arn:") else _arn("dynamodb", f"table/{name}")
    return f"{base}/index/{params['IndexName']}" if params.get("IndexName") else base


_LEADING_KEY = "PK"
"""Name of the partition key: the local cloud does not look it up, since stacks of one table use this name."""


def _leading_keys(params: Params) -> dict[str, tuple[str, ...]]:
    """The condition key `dynamodb:LeadingKeys`, where a request names partition keys as strings.

    A Query names its own in the expression `PK = :placeholder`; one on an index has the index's key.
    """
    rows = params.get("Key") or params.get("Item")
    if rows is not None and _LEADING_KEY in rows:
        return {"dynamodb:LeadingKeys": (str(rows[_LEADING_KEY].get("S", "")),)}
    named = re.match(rf"{_LEADING_KEY} = (:\w+)", params.get("KeyConditionExpression", ""))
    if named is None:
        return {}
    value = params["ExpressionAttributeValues"][named[1]]
    return {"dynamodb:LeadingKeys": (str(value.get("S", "")),)}


_TRANSACTED = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}


def _dynamodb(operation: str, params: Params) -> list[Need]:
    if operation == "TransactWriteItems":
        return [
            Need(f"dynamodb:{_TRANSACTED[kind]}", (_table(what),), _leading_keys(what))
            for item in params["TransactItems"]
            for kind, what in item.items()
        ]
    if operation == "TransactGetItems":
        gets = [item["Get"] for item in params["TransactItems"]]
        return [Need("dynamodb:GetItem", (_table(get),), _leading_keys(get)) for get in gets]
    if operation in {"BatchGetItem", "BatchWriteItem"}:
        tables = {_table({"TableName": name}) for name in params["RequestItems"]}
        return [Need(f"dynamodb:{operation}", (table,)) for table in sorted(tables)]
    return [Need(f"dynamodb:{operation}", (_table(params),), _leading_keys(params))]


def _recipients(params: Params) -> tuple[str, ...]:
    """To, Cc and Bcc of every message in the call, without display names."""
    entries = params.get("BulkEmailEntries", [params])
    lists = (destination for entry in entries for destination in entry.get("Destination", {}).values())
    return tuple(parseaddr(each)[1] for addresses in lists for each in addresses)


def _ses(operation: str, params: Params) -> list[Need]:
    action = f"ses:{operation}"
    if operation not in {"SendEmail", "SendBulkEmail"}:
        return [Need(action, ("*",))]
    display, address = parseaddr(params.get("FromEmailAddress", ""))
    context: dict[str, tuple[str, ...]] = {"ses:FromAddress": (address,)}
    if recipients := _recipients(params):
        context["ses:Recipients"] = recipients
    if display:
        context["ses:FromDisplayName"] = (display,)
    domain = address.rpartition("@")[2]
    needs = [Need(action, (_arn("ses", f"identity/{address}"), _arn("ses", f"identity/{domain}")), context)]
    if params.get("ConfigurationSetName"):
        needs.append(
            Need(action, (_arn("ses", f"configuration-set/{params['ConfigurationSetName']}"),), context)
        )
    return needs


_S3 = {
    "HeadObject": "GetObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "DeleteObjects": "DeleteObject",
    "ListObjectsV2": "ListBucket",
    "ListObjects": "ListBucket",
    "HeadBucket": "ListBucket",
}


def _s3(operation: str, params: Params) -> list[Need]:
    bucket = f"arn:aws:s3:::{params['Bucket']}" if "Bucket" in params else "*"
    resource = f"{bucket}/{params['Key']}" if "Key" in params else bucket
    context = {"s3:prefix": (str(params["Prefix"]),)} if "Prefix" in params else {}
    return [Need(f"s3:{_S3.get(operation, operation)}", (resource,), context)]


def _states(operation: str, params: Params) -> list[Need]:
    return [
        Need(f"states:{operation}", (params.get("stateMachineArn") or params.get("executionArn") or "*",))
    ]


def _events(operation: str, params: Params) -> list[Need]:
    if operation != "PutEvents":
        return [Need(f"events:{operation}", ("*",))]
    needs = []
    for entry in params["Entries"]:
        bus = entry.get("EventBusName") or "default"
        resource = bus if bus.startswith("arn:") else _arn("events", f"event-bus/{bus}")
        context = {
            "events:source": (str(entry.get("Source", "")),),
            "events:detail-type": (str(entry.get("DetailType", "")),),
        }
        needs.append(Need("events:PutEvents", (resource,), context))
    return needs


def _scheduler(operation: str, params: Params) -> list[Need]:
    schedule = f"schedule/{params.get('GroupName', 'default')}/{params.get('Name', '*')}"
    needs = [Need(f"scheduler:{operation}", (_arn("scheduler", schedule),))]
    role = params.get("Target", {}).get("RoleArn")
    if role:
        needs.append(Need("iam:PassRole", (role,), {"iam:PassedToService": ("scheduler.amazonaws.com",)}))
    return needs


def _lambda(operation: str, params: Params) -> list[Need]:
    name = str(params.get("FunctionName", "*"))
    arn = name if name.startswith("arn:") else _arn("lambda", f"function:{name}")
    action = "InvokeFunction" if operation == "Invoke" else operation
    return [Need(f"lambda:{action}", (arn,))]


_SQS = {
    "SendMessageBatch": "SendMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
}


def _sqs(operation: str, params: Params) -> list[Need]:
    queue = _arn("sqs", params["QueueUrl"].rpartition("/")[2]) if "QueueUrl" in params else "*"
    return [Need(f"sqs:{_SQS.get(operation, operation)}", (queue,))]


def _ssm(operation: str, params: Params) -> list[Need]:
    names = [params["Name"]] if "Name" in params else params.get("Names", [params.get("Path", "*")])
    return [Need(f"ssm:{operation}", (_arn("ssm", "parameter/" + name.lstrip("/")),)) for name in names]


def _sns(operation: str, params: Params) -> list[Need]:
    return [Need(f"sns:{operation}", (params.get("TopicArn") or "*",))]


_BY_SERVICE: dict[str, Callable[[str, Params], list[Need]]] = {
    "dynamodb": _dynamodb,
    "sesv2": _ses,
    "s3": _s3,
    "stepfunctions": _states,
    "events": _events,
    "scheduler": _scheduler,
    "lambda": _lambda,
    "sqs": _sqs,
    "ssm": _ssm,
    "sns": _sns,
}
# GetCallerIdentity is allowed to every caller, whatever the policies say.
_FREE = {("sts", "GetCallerIdentity")}


def needs_of(service: str, operation: str, params: Params) -> list[Need]:
    """The permissions one call needs; the caller must hold every one of them."""
    if (service, operation) in _FREE:
        return []
    of_service = _BY_SERVICE.get(service)
    if of_service is None:
        return [Need(f"{service}:{operation}", ("*",))]
    return of_service(operation, params)
