"""Which format the rows of the table have, and which release of Outreach works on them: one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.conflicts import refused_when_conditions_fail
from outreach.adapters.dynamodb.items.attributes import number, text
from outreach.adapters.dynamodb.items.change import Change
from outreach.domain.errors import OutreachError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from outreach.adapters.dynamodb.items.attributes import Item

FORMAT = 2
"""Raised when an older release would misread a row that this one writes; UPGRADING.md lists the formats."""
FIRST_FORMAT = 1
"""Of 0.1.0, which writes no row of its format."""


class NewerTableError(OutreachError):
    """The table holds rows of a format that this release does not know."""


@dataclass(frozen=True, slots=True)
class TableFormat:
    """The content of the row."""

    format: int
    release: str


class DynamoTableFormat:
    """Reads and writes the row. A process reads once: an upgrade and a rollback both start new ones."""

    def __init__(self, client: DynamoDBClient, table: str, *, known: int = FORMAT) -> None:
        """`known` is the newest format that the caller reads, and the one that it writes."""
        self._client = client
        self._table = table
        self._known = known

    def read(self) -> TableFormat | None:
        """None for a new table, and for one that only 0.1.0 wrote to."""
        answer = self._client.get_item(TableName=self._table, Key=keys.table_format(), ConsistentRead=True)
        return _read(answer["Item"]) if "Item" in answer else None

    def require_known(self) -> TableFormat | None:
        """The content of the row. Raises NewerTableError if the format is newer than the known one."""
        stored = self.read()
        if stored is not None and stored.format > self._known:
            raise NewerTableError(
                f"the table holds rows of format {stored.format}, written by Outreach {stored.release}; this "
                f"release reads formats up to {self._known}, and changes nothing: deploy {stored.release} "
                "or a later release again (UPGRADING.md)"
            )
        return stored

    def record(self, release: str, stored: TableFormat | None) -> None:
        """Record that `release` writes rows of the known format, unless `stored`, which was read, does so.

        Called before a process writes its first row. Raises NewerTableError.
        """
        if stored == TableFormat(self._known, release):
            return
        change = Change()
        change.set(number(self._known), "format")
        change.set(text(release), "release")
        path = change.path("format")
        change.require(f"(attribute_not_exists({path}) OR {path} <= {change.value(number(self._known))})")
        with refused_when_conditions_fail() as raised_meanwhile:
            self._client.update_item(**change.update(self._table, keys.table_format()))
        if raised_meanwhile.is_refused:
            self.require_known()


def _read(item: Item) -> TableFormat:
    return TableFormat(int(item["format"]["N"]), item["release"]["S"])
