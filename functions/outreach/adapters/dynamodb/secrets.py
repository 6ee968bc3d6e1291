"""Random secrets that the stack makes for itself and keeps, such as the one that signs links."""

from base64 import b64decode, b64encode
from secrets import token_bytes
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.attributes import text
from outreach.adapters.dynamodb.change import Change
from outreach.adapters.dynamodb.conflicts import refused_when_conditions_fail

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_BYTES = 32


class DynamoSecrets:
    """Makes each secret once, for ever: whoever asks next, anywhere, gets the same one."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def get_or_create(self, name: str) -> bytes:
        """The 32 random bytes of that name."""
        known = self._known(name)
        if known is not None:
            return known
        change = Change()
        change.require(f"attribute_not_exists({change.path(keys.PARTITION)})")
        made = token_bytes(_BYTES)
        with refused_when_conditions_fail() as outcome:
            value = text(b64encode(made).decode())
            self._client.put_item(**change.put(self._table, {**keys.secret(name), "value": value}))
        return (self._known(name) or made) if outcome.is_refused else made

    def _known(self, name: str) -> bytes | None:
        answer = self._client.get_item(TableName=self._table, Key=keys.secret(name), ConsistentRead=True)
        return b64decode(answer["Item"]["value"]["S"]) if "Item" in answer else None
