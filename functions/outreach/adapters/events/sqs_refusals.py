"""Refused events: in the dead-letter queue unchanged, with the reason beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

    from outreach.domain.errors import Problem

_LONGEST_REASON = 1000
"""Characters; enough for an operator, and far from the 256 KB of an SQS message (AWS quota)."""


class SqsRefusals:
    """Puts refused events where an operator finds them and `outreach redrive` can send them again."""

    def __init__(self, client: SQSClient, *, queue_url: str) -> None:
        self._client = client
        self._queue_url = queue_url

    def refuse(self, body: str, problems: tuple[Problem, ...]) -> None:
        """Store the message unchanged; its attribute `Reason` says what is wrong with it."""
        reason = "; ".join(map(str, problems))[:_LONGEST_REASON]
        self._client.send_message(
            QueueUrl=self._queue_url,
            MessageBody=body,
            MessageAttributes={"Reason": {"DataType": "String", "StringValue": reason}},
        )
