"""Distinguishes a lost race from every other error of DynamoDB."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from outreach.domain.errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOST_RACES = frozenset({"ConditionalCheckFailed", "TransactionConflict"})
"""Codes of a cancelled transaction; single writes add "Exception" to the same code."""


@dataclass(slots=True)
class Outcome:
    """Of a write that may be refused."""

    is_refused: bool = False


@contextmanager
def refused_when_conditions_fail() -> Iterator[Outcome]:
    """Return whether the condition held, instead of raising; for a write that may find nothing to do."""
    outcome = Outcome()
    try:
        yield outcome
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        outcome.is_refused = True


@contextmanager
def conflict_when_changed(what: str) -> Iterator[None]:
    """Raise ConflictError when a condition did not hold or another transaction was at the same row.

    Every other error (throttling, a transaction still in progress) passes: the platform's own retries handle
    it.
    """
    try:
        yield
    except ClientError as error:
        if _lost_race(error):
            raise ConflictError(f"{what} changed since it was read") from error
        raise


def beaten_places(error: ClientError) -> set[int]:
    """The places, in a cancelled transaction, of the writes that lost a race; none for any other error."""
    # botocore knows this key, its stubs do not.
    reasons = cast(
        "list[dict[str, Any]]", cast("dict[str, Any]", error.response).get("CancellationReasons", [])
    )
    return {place for place, reason in enumerate(reasons) if reason.get("Code") in _LOST_RACES}


def _lost_race(error: ClientError) -> bool:
    """Whether the write lost a race."""
    code = error.response["Error"]["Code"]
    if code == "TransactionCanceledException":
        return bool(beaten_places(error))
    return code.removesuffix("Exception") in _LOST_RACES
