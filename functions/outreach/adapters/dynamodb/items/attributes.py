"""The domain's values as DynamoDB attributes: written by hand, because every message needs them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from json import JSONEncoder, loads
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

type Attribute = "AttributeValueTypeDef"
type Item = "Mapping[str, AttributeValueTypeDef]"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# Without spaces and without \u escapes: an item is billed by the kilobyte.
_compact = JSONEncoder(separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode


def text(value: str) -> Attribute:
    return {"S": value}


def number(value: int) -> Attribute:
    return {"N": str(value)}


def milliseconds(instant: datetime) -> int:
    """Since 1970, UTC. Fractions of a millisecond are cut off."""
    return (instant - _EPOCH) // _MILLISECOND


def instant(value: int) -> datetime:
    """Undo `milliseconds`, exactly: no float is involved."""
    return _EPOCH + timedelta(milliseconds=value)


def optional_milliseconds(at: datetime | None) -> int | None:
    return None if at is None else milliseconds(at)


def optional_instant(value: int | None) -> datetime | None:
    return None if value is None else instant(value)


def instants(values: Mapping[str, int]) -> dict[str, datetime]:
    return {name: instant(value) for name, value in values.items()}


def in_milliseconds(values: Mapping[str, datetime]) -> dict[str, int]:
    return {name: milliseconds(value) for name, value in values.items()}


def facts(values: Mapping[str, Any]) -> Attribute:
    """Everything that no condition reads, as one string; None and empty values are left out."""
    return {
        "S": _compact({name: value for name, value in values.items() if value is not None and value != {}})
    }


def read_facts(item: Item) -> dict[str, Any]:
    """Undo `facts`; empty for an item without it."""
    attribute = item.get("facts")
    known: dict[str, Any] = {} if attribute is None else loads(attribute["S"])
    return known
