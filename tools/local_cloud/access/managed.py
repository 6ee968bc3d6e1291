"""The AWS-managed policies that SAM templates attach, as the AWS managed policy reference has them."""

from typing import Any

_LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
_XRAY = [
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:GetSamplingStatisticSummaries",
]
_QUEUE_POLLER = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
_STREAM_POLLER = [
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
]
_INSIGHTS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]

_ACTIONS: dict[str, list[str]] = {
    "service-role/AWSLambdaBasicExecutionRole": _LOGS,
    "service-role/AWSLambdaSQSQueueExecutionRole": _QUEUE_POLLER + _LOGS,
    "service-role/AWSLambdaDynamoDBExecutionRole": _STREAM_POLLER + _LOGS,
    "AWSXRayDaemonWriteAccess": _XRAY,
    "AWSXrayWriteOnlyAccess": _XRAY,
    "CloudWatchLambdaInsightsExecutionRolePolicy": _INSIGHTS,
}

NAMES_FOR_SAM = {path.rpartition("/")[2]: f"arn:aws:iam::aws:policy/{path}" for path in _ACTIONS}


class UnknownManagedPolicyError(LookupError):
    """A managed policy that the local cloud does not have."""


def statements_of(arn: str) -> list[dict[str, Any]]:
    """The statements of an AWS-managed policy; the partition in the ARN does not matter."""
    path = arn.partition(":policy/")[2]
    if path not in _ACTIONS:
        known = ", ".join(sorted(_ACTIONS))
        raise UnknownManagedPolicyError(
            f"managed policy {arn}: write its statements into the template, or use {known}"
        )
    return [{"Effect": "Allow", "Action": _ACTIONS[path], "Resource": "*"}]
