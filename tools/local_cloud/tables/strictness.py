"""What DynamoDB refuses and moto accepts: sizes, duplicate keys, wrong index keys, reused tokens."""

import json
from typing import Any

from moto.dynamodb.models.table import Table

from local_cloud.errors import AwsError

BATCH_WRITE_LIMIT = 25
BATCH_GET_LIMIT = 100
TRANSACTION_LIMIT = 100
TRANSACTION_BYTES = 4 * 1024 * 1024
_TOKEN_LIFE = 600.0  # seconds


def _refused(message: str) -> AwsError:
    return AwsError("ValidationException", message)


def _key_text(table: Table, attributes: dict[str, Any]) -> str:
    return json.dumps([attributes.get(name) for name in table.table_key_attrs], default=repr)


def check_batch_write(requests: dict[str, list[dict[str, Any]]], tables: dict[str, Table]) -> None:
    """Raises AwsError for more than 25 requests, or two for one item."""
    if sum(map(len, requests.values())) > BATCH_WRITE_LIMIT:
        raise _refused("Too many items requested for the BatchWriteItem call")
    for name, writes in requests.items():
        table = tables.get(name)
        if table is None:
            continue
        keys = [
            _key_text(table, w.get("PutRequest", {}).get("Item") or w["DeleteRequest"]["Key"]) for w in writes
        ]
        if len(set(keys)) != len(keys):
            raise _refused("Provided list of item keys contains duplicates")
        for write in writes:
            if "PutRequest" in write:
                check_index_keys(table, write["PutRequest"]["Item"])


def check_batch_get(requests: dict[str, dict[str, Any]], tables: dict[str, Table]) -> None:
    """Raises AwsError for more than 100 keys, or one key twice."""
    if sum(len(r["Keys"]) for r in requests.values()) > BATCH_GET_LIMIT:
        raise _refused("Too many items requested for the BatchGetItem call")
    for name, request in requests.items():
        if name in tables:
            keys = [_key_text(tables[name], key) for key in request["Keys"]]
            if len(set(keys)) != len(keys):
                raise _refused("Provided list of item keys contains duplicates")


def check_transaction(items: list[dict[str, Any]], tables: dict[str, Table]) -> None:
    """Raises AwsError for more than 100 actions, two on one item, or more than 4 MB."""
    if len(items) > TRANSACTION_LIMIT:
        raise _refused(
            "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member "
            f"must have length less than or equal to {TRANSACTION_LIMIT}"
        )
    seen: set[tuple[str, str]] = set()
    for item in items:
        operation = next(iter(item.values()))
        table = tables.get(operation["TableName"])
        if table is None:
            continue
        place = (table.name, _key_text(table, operation.get("Key") or operation.get("Item", {})))
        if place in seen:
            raise _refused("Transaction request cannot include multiple operations on one item")
        seen.add(place)
        if "Put" in item:
            check_index_keys(table, operation["Item"])


def check_index_keys(table: Table, item: dict[str, Any]) -> None:
    """Raises AwsError when an attribute that is an index's key has the wrong type or is empty."""
    types = {a["AttributeName"]: a["AttributeType"] for a in table.attr}
    for index in table.all_indexes():
        for part in index.schema:
            name = part["AttributeName"]
            if name not in item:
                continue
            ((given, value),) = item[name].items()
            if given != types.get(name, given):
                raise _refused(
                    f"One or more parameter values were invalid: Type mismatch for Index Key {name} "
                    f"Expected: {types[name]} Actual: {given} IndexName: {index.name}"
                )
            if value in ("", b""):
                raise _refused(
                    "One or more parameter values are not valid. A value specified for a secondary index "
                    "key is not supported. The AttributeValue for a key attribute cannot contain an empty "
                    f"string value. IndexName: {index.name}, IndexKey: {name}"
                )


class RequestTokens:
    """Makes TransactWriteItems idempotent for ten minutes per ClientRequestToken, which moto ignores."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[float, str]] = {}

    def is_repeat(self, token: str, items: list[dict[str, Any]], now: float) -> bool:
        """Whether this very transaction was done under this token before.

        Raises AwsError (IdempotentParameterMismatchException) when it was another one.
        """
        known = self._seen.get(token)
        if known is None or now - known[0] > _TOKEN_LIFE:
            return False
        if known[1] != _fingerprint(items):
            raise AwsError(
                "IdempotentParameterMismatchException",
                "The request uses the same client token as a previous, but non-identical request.",
            )
        return True

    def remember(self, token: str, items: list[dict[str, Any]], now: float) -> None:
        self._seen[token] = (now, _fingerprint(items))
        while self._seen:
            oldest = next(iter(self._seen))
            if now - self._seen[oldest][0] <= _TOKEN_LIFE:
                return
            del self._seen[oldest]


def _fingerprint(items: list[dict[str, Any]]) -> str:
    return json.dumps(items, sort_keys=True, default=repr)
