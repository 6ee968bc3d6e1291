"""A secret is made once, for ever."""

from typing import TYPE_CHECKING

from adapters.scripted_service import ScriptedService

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

from outreach.adapters.dynamodb import DynamoTable


def test_whoever_asks_gets_the_same_secret(dynamodb: "DynamoDBClient", table: str) -> None:
    made = DynamoTable(dynamodb, table, shards=1).secrets.get_or_create("links")
    asked = DynamoTable(dynamodb, table, shards=1).secrets.get_or_create("links")

    assert made == asked
    assert len(made) == 32


def test_each_name_has_a_secret_of_its_own(dynamodb: "DynamoDBClient", table: str) -> None:
    secrets = DynamoTable(dynamodb, table, shards=1).secrets

    assert secrets.get_or_create("links") != secrets.get_or_create("survey")


def test_of_two_that_make_it_at_once_both_get_the_first() -> None:
    service = ScriptedService("dynamodb")
    service.answers({})
    service.refuses("ConditionalCheckFailedException")
    service.answers({"Item": {"value": {"S": "Zmlyc3Q="}}})

    assert DynamoTable(service.client, "table", shards=1).secrets.get_or_create("links") == b"first"
