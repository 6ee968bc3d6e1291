"""The table, the secrets of the stack, and the clock."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from outreach.wiring.clients import client, unchecked_dynamodb_client
from outreach.wiring.settings import settings

if TYPE_CHECKING:
    from outreach.adapters.dynamodb import DynamoTable
    from outreach.adapters.dynamodb.operations.table_format import DynamoTableFormat, TableFormat
    from outreach.adapters.ssm.secrets import SsmSecrets


@cache
def dynamodb_client() -> Any:
    """A client for the table. Raises NewerTableError if a later release wrote to the table."""
    _stored_format()
    return unchecked_dynamodb_client()


@cache
def _table_format() -> DynamoTableFormat:
    from outreach.adapters.dynamodb.operations.table_format import DynamoTableFormat

    return DynamoTableFormat(unchecked_dynamodb_client(), settings()["TABLE_NAME"])


@cache
def _stored_format() -> TableFormat | None:
    """One read in a process: an upgrade and a rollback both start new processes."""
    return _table_format().require_known()


@cache
def record_release() -> None:
    """Record in the table that this release writes to it; once in a process.

    The functions that the internet reaches never do it: they may write to customers' rows alone.
    """
    _table_format().record(settings()["RELEASE"], _stored_format())


@cache
def clock() -> Any:
    from outreach.adapters.system_clock import SystemClock

    return SystemClock()


@cache
def table() -> DynamoTable:
    from outreach.adapters.dynamodb import DynamoTable

    return DynamoTable(
        dynamodb_client(),
        settings()["TABLE_NAME"],
        shards=int(settings()["SHARDS"]),
        address_secret=lambda: secrets().get_or_create("addresses"),
    )


@cache
def secrets() -> SsmSecrets:
    """The secrets that the stack makes for itself. Each user keeps its secret: one read per process."""
    from outreach.adapters.dynamodb.secrets import DynamoSecrets
    from outreach.adapters.ssm.secrets import SsmSecrets

    rows = DynamoSecrets(dynamodb_client(), settings()["TABLE_NAME"])
    return SsmSecrets(client("ssm"), settings()["SECRETS_PATH"], rows=rows)


def drop_moved_secrets() -> None:
    """Delete what older releases stored in the table, once it has been in Parameter Store for a day."""
    for name in ("links", "addresses"):
        secrets().drop_row(name, now=clock().now())


@cache
def key_secret() -> bytes:
    """The key of the hash under which the keys of enrollments are stored."""
    return secrets().get_or_create("keys")
