"""The table says which format its rows have; a release that does not know the format leaves it alone."""

from typing import TYPE_CHECKING

import pytest

from adapters.scripted_service import ScriptedService
from outreach.adapters.dynamodb.operations.table_format import DynamoTableFormat, NewerTableError, TableFormat

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def a_release(dynamodb: "DynamoDBClient", table: str, known: int = 2) -> DynamoTableFormat:
    return DynamoTableFormat(dynamodb, table, known=known)


def start(dynamodb: "DynamoDBClient", table: str, release: str, known: int) -> None:
    """What a process of that release does first."""
    its = a_release(dynamodb, table, known)
    its.record(release, its.require_known())


def test_a_new_table_says_nothing_until_a_release_writes_to_it(
    dynamodb: "DynamoDBClient", table: str
) -> None:
    assert a_release(dynamodb, table).require_known() is None

    start(dynamodb, table, "0.2.0", known=2)

    assert a_release(dynamodb, table).read() == TableFormat(2, "0.2.0")


def test_an_upgrade_raises_the_format_and_names_the_release(dynamodb: "DynamoDBClient", table: str) -> None:
    start(dynamodb, table, "0.2.0", known=2)
    start(dynamodb, table, "0.3.0", known=2)
    start(dynamodb, table, "0.4.0", known=3)

    assert a_release(dynamodb, table, 3).read() == TableFormat(3, "0.4.0")


def test_a_rollback_within_a_format_goes_on_and_one_across_formats_is_refused(
    dynamodb: "DynamoDBClient", table: str
) -> None:
    start(dynamodb, table, "0.3.0", known=2)
    start(dynamodb, table, "0.2.0", known=2)
    assert a_release(dynamodb, table).read() == TableFormat(2, "0.2.0")

    start(dynamodb, table, "0.4.0", known=3)
    with pytest.raises(NewerTableError, match=r"format 3, written by Outreach 0\.4\.0.*UPGRADING\.md"):
        start(dynamodb, table, "0.2.0", known=2)

    assert a_release(dynamodb, table, 3).read() == TableFormat(3, "0.4.0")


def test_a_process_of_the_older_release_that_started_just_before_never_lowers_the_format(
    dynamodb: "DynamoDBClient", table: str
) -> None:
    older = a_release(dynamodb, table, known=2)
    read = older.require_known()
    start(dynamodb, table, "0.4.0", known=3)

    with pytest.raises(NewerTableError):
        older.record("0.2.0", read)

    assert a_release(dynamodb, table, 3).read() == TableFormat(3, "0.4.0")


def test_a_process_that_finds_its_own_release_writes_nothing() -> None:
    service = ScriptedService("dynamodb")

    DynamoTableFormat(service.client, "table", known=2).record("0.2.0", TableFormat(2, "0.2.0"))

    assert service.requests == []
