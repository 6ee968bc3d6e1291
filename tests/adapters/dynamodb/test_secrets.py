"""A secret is made once, permanently, lies apart from the table, and is moved out of it unchanged."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from adapters.scripted_service import ScriptedService
from outreach.adapters.dynamodb.secrets import DynamoSecrets
from outreach.adapters.ssm.secrets import GRACE, SecretNotReadableError, SsmSecrets

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

OLD = b"the secret of an older release, "
OTHER = b"another secret that nobody knows"


@pytest.fixture
def ssm(dynamodb: "DynamoDBClient") -> Any:
    """Of the same moto as the table."""
    import boto3  # noqa: PLC0415 - within moto

    return boto3.client("ssm", region_name=dynamodb.meta.region_name)


def secrets(ssm: Any, dynamodb: "DynamoDBClient", table: str) -> SsmSecrets:
    """As another process has them."""
    return SsmSecrets(ssm, f"/outreach/{table}", rows=DynamoSecrets(dynamodb, table))


def a_row(dynamodb: "DynamoDBClient", table: str, secret: bytes, name: str = "links") -> None:
    value = {"S": b64encode(secret).decode()}
    key = {"PK": {"S": f"SECRET#{name}"}, "SK": {"S": "SECRET"}}
    dynamodb.put_item(TableName=table, Item={**key, "value": value})


def rows(dynamodb: "DynamoDBClient", table: str) -> list[Any]:
    return dynamodb.scan(TableName=table)["Items"]


def test_every_process_gets_the_same_secret_and_the_table_holds_none(
    ssm: Any, dynamodb: "DynamoDBClient", table: str
) -> None:
    assert secrets(ssm, dynamodb, table).get("links") is None

    made = secrets(ssm, dynamodb, table).get_or_create("links")

    assert len(made) == 32
    assert secrets(ssm, dynamodb, table).get_or_create("links") == made
    assert secrets(ssm, dynamodb, table).get("links") == made
    assert rows(dynamodb, table) == []


def test_each_name_of_each_stack_has_an_encrypted_secret_of_its_own(
    ssm: Any, dynamodb: "DynamoDBClient", table: str
) -> None:
    own = secrets(ssm, dynamodb, table)
    other_stack = SsmSecrets(ssm, f"/outreach/{table}-2", rows=DynamoSecrets(dynamodb, table))

    made = [own.get_or_create("links"), own.get_or_create("keys"), other_stack.get_or_create("links")]

    assert len(set(made)) == 3
    assert ssm.get_parameter(Name=f"/outreach/{table}/links")["Parameter"]["Type"] == "SecureString"


def test_a_secret_in_the_table_is_moved_and_not_changed(
    ssm: Any, dynamodb: "DynamoDBClient", table: str
) -> None:
    a_row(dynamodb, table, OLD)

    assert secrets(ssm, dynamodb, table).get("links") == OLD
    assert secrets(ssm, dynamodb, table).get_or_create("links") == OLD
    assert secrets(ssm, dynamodb, table).get_or_create("links") == OLD
    assert len(rows(dynamodb, table)) == 1  # for functions of the older release, until a day later


def test_the_row_goes_a_day_after_the_move_and_no_earlier(
    ssm: Any, dynamodb: "DynamoDBClient", table: str
) -> None:
    now = datetime.now(UTC)
    a_row(dynamodb, table, OLD)
    own = secrets(ssm, dynamodb, table)

    own.drop_row("links", now=now + 2 * GRACE)
    assert len(rows(dynamodb, table)) == 1  # not moved yet
    own.get_or_create("links")
    own.drop_row("links", now=now + GRACE / 2)
    assert len(rows(dynamodb, table)) == 1
    own.drop_row("links", now=now + GRACE + timedelta(minutes=5))
    own.drop_row("links", now=now + GRACE + timedelta(minutes=5))

    assert rows(dynamodb, table) == []
    assert own.get_or_create("links") == OLD


def test_a_row_that_holds_another_secret_is_left_for_a_person_to_see(
    ssm: Any, dynamodb: "DynamoDBClient", table: str
) -> None:
    own = secrets(ssm, dynamodb, table)
    made = own.get_or_create("links")
    a_row(dynamodb, table, OTHER)

    own.drop_row("links", now=datetime.now(UTC) + 2 * GRACE)

    assert len(rows(dynamodb, table)) == 1
    assert own.get_or_create("links") == made


def a_race() -> tuple[ScriptedService, SsmSecrets]:
    service, table = ScriptedService("ssm"), ScriptedService("dynamodb")
    service.refuses("ParameterNotFound")
    service.refuses("ParameterAlreadyExists")
    return service, SsmSecrets(service.client, "/outreach/shop", rows=DynamoSecrets(table.client, "table"))


def test_of_two_that_make_it_at_once_both_get_the_first() -> None:
    service, own = a_race()
    service.answers({"Parameter": {"Value": b64encode(b"first").decode()}})

    assert own.get_or_create("links") == b"first"
    assert service.requests[1]["Overwrite"] is False


def test_a_winner_that_cannot_be_read_yet_is_an_error_and_never_another_secret() -> None:
    service, own = a_race()
    service.refuses("ParameterNotFound")

    with pytest.raises(SecretNotReadableError, match="/outreach/shop/links"):
        own.get_or_create("links")
