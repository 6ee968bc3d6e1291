"""What a function answers to a batch of SQS: which records SQS must deliver again.

Source: "Implementing partial batch responses" of the AWS Lambda developer guide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable


class ItemFailure(TypedDict):
    """One record, by its message id."""

    itemIdentifier: str


class BatchResponse(TypedDict):
    """The records that failed; SQS deletes the others."""

    batchItemFailures: list[ItemFailure]


def batch_response(failed: Iterable[str]) -> BatchResponse:
    """The answer for these message ids; without any, the whole batch is done."""
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}
