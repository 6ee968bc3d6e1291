"""The rows in which older releases stored the secrets of the stack; `ssm_secrets` moves them."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.conflicts import refused_when_conditions_fail
from outreach.adapters.dynamodb.items.attributes import text
from outreach.adapters.dynamodb.items.change import Change

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoSecrets:
    """Reads and deletes such rows; no release writes them any more."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def get(self, name: str) -> bytes | None:
        """The secret of that name; None when there is no row."""
        answer = self._client.get_item(TableName=self._table, Key=keys.secret(name), ConsistentRead=True)
        return b64decode(answer["Item"]["value"]["S"]) if "Item" in answer else None

    def delete(self, name: str, secret: bytes) -> None:
        """Delete the row if it holds this secret; a row that is missing or holds another is left alone."""
        change = Change()
        change.require(f"{change.path('value')} = {change.value(text(b64encode(secret).decode()))}")
        with refused_when_conditions_fail():
            self._client.delete_item(**change.check(self._table, keys.secret(name)))
