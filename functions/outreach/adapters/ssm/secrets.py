"""Random secrets that the stack makes for itself: parameters of SSM Parameter Store, apart from the table.

They are SecureStrings under the key `aws/ssm`, which AWS manages; it lets every caller of the account decrypt
who may read the parameter, so no permission of KMS is needed.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import timedelta
from secrets import token_bytes
from typing import TYPE_CHECKING, Any

from outreach.domain.errors import OutreachError

if TYPE_CHECKING:
    from datetime import datetime

    from outreach.adapters.dynamodb.secrets import DynamoSecrets

GRACE = timedelta(days=1)
"""How long the row of a moved secret stays: an older release, still deployed or rolled back to, would make
another secret if it found none."""
_BYTES = 32


class SecretNotReadableError(OutreachError):
    """The parameter was just made by another process and cannot be read yet: try again."""


class SsmSecrets:
    """Makes each secret once, permanently: every process that asks gets the same one.

    `rows` are where older releases kept them. A secret found there is moved, not changed: it becomes the
    parameter first, and its row is deleted a day later.
    """

    def __init__(self, client: Any, path: str, *, rows: DynamoSecrets) -> None:
        self._client = client
        self._path = path.rstrip("/")
        self._rows = rows

    def get(self, name: str) -> bytes | None:
        """The secret of that name; None when no process has made it yet."""
        return self._parameter(name) or self._rows.get(name)

    def get_or_create(self, name: str) -> bytes:
        """The secret of that name, 32 random bytes when it is new. Raises SecretNotReadableError.

        Of two processes that make or move it at once the first one's is kept, and both return it.
        """
        known = self._parameter(name)
        if known is not None:
            return known
        secret = self._rows.get(name) or token_bytes(_BYTES)
        try:
            self._client.put_parameter(
                Name=self._name(name),
                Description="Made by Outreach. Never change or delete it; see docs/operations.md.",
                Type="SecureString",
                Value=b64encode(secret).decode(),
                Overwrite=False,
            )
        except self._client.exceptions.ParameterAlreadyExists:
            known = self._parameter(name)
            if known is None:
                raise SecretNotReadableError(f"the parameter {self._name(name)} cannot be read yet") from None
            return known
        return secret

    def drop_row(self, name: str, *, now: datetime) -> None:
        """Delete the row of a secret that was moved at least a day ago, if it holds the same secret."""
        answer = self._answer(name)
        if answer is not None and answer["LastModifiedDate"] <= now - GRACE:
            self._rows.delete(name, b64decode(answer["Value"]))

    def _parameter(self, name: str) -> bytes | None:
        answer = self._answer(name)
        return None if answer is None else b64decode(answer["Value"])

    def _answer(self, name: str) -> dict[str, Any] | None:
        try:
            answer = self._client.get_parameter(Name=self._name(name), WithDecryption=True)
        except self._client.exceptions.ParameterNotFound:
            return None
        parameter: dict[str, Any] = answer["Parameter"]
        return parameter

    def _name(self, name: str) -> str:
        return f"{self._path}/{name}"
