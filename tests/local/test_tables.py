"""DynamoDB: where it is stricter than moto, and the proof that being quick changes no answer."""

import random
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from local_cloud import LocalCloud

KEYS = {"PK": "S", "SK": "S", "status": "S", "due_at": "S"}
type Answer = tuple[str, Any]


@pytest.fixture
def write(cloud: LocalCloud) -> Callable[..., Any]:
    client, table = cloud.client("dynamodb"), cloud.resource("Table")

    def call(operation: str, **params: Any) -> Any:
        return getattr(client, operation)(
            **({"TableName": table} | params if "TableName" not in params else params)
        )

    return call


def item(pk: str, sk: str = "a", **more: Any) -> dict[str, Any]:
    return {"PK": {"S": pk}, "SK": {"S": sk}, **more}


def refused(call: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call()
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_transaction_with_a_token_happens_once_in_ten_minutes(cloud: LocalCloud) -> None:
    client, table = cloud.client("dynamodb"), cloud.resource("Table")
    update = {
        "TableName": table,
        "Key": item("a"),
        "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    for _ in range(2):
        client.transact_write_items(TransactItems=[{"Update": update}], ClientRequestToken="t1")
    assert client.get_item(TableName=table, Key=item("a"))["Item"]["n"] == {"N": "1"}
    other = {**update, "Key": item("b")}
    code, _ = refused(
        lambda: client.transact_write_items(TransactItems=[{"Update": other}], ClientRequestToken="t1")
    )
    assert code == "IdempotentParameterMismatchException"
    cloud.advance(minutes=11)
    client.transact_write_items(TransactItems=[{"Update": update}], ClientRequestToken="t1")
    assert client.get_item(TableName=table, Key=item("a"))["Item"]["n"] == {"N": "2"}


def test_what_dynamodb_refuses_is_refused(cloud: LocalCloud) -> None:
    client, table = cloud.client("dynamodb"), cloud.resource("Table")
    puts = [{"PutRequest": {"Item": item(f"p{n}")}} for n in range(26)]
    assert "Too many items" in refused(lambda: client.batch_write_item(RequestItems={table: puts}))[1]
    twice = [puts[0], {"DeleteRequest": {"Key": item("p0")}}]
    assert "duplicates" in refused(lambda: client.batch_write_item(RequestItems={table: twice}))[1]
    keys = {"Keys": [item("p0"), item("p0")]}
    assert "duplicates" in refused(lambda: client.batch_get_item(RequestItems={table: keys}))[1]
    puts = [{"Put": {"TableName": table, "Item": item(f"p{n}")}} for n in range(101)]
    assert refused(lambda: client.transact_write_items(TransactItems=puts))[0] == "ValidationException"
    both = [puts[0], {"Delete": {"TableName": table, "Key": item("p0")}}]
    assert (
        "multiple operations on one item"
        in refused(lambda: client.transact_write_items(TransactItems=both))[1]
    )
    wrong = item("p0", due_at={"N": "1"})
    assert (
        "Type mismatch for Index Key due_at"
        in refused(lambda: client.put_item(TableName=table, Item=wrong))[1]
    )
    empty = item("p0", due_at={"S": ""})
    assert "empty string" in refused(lambda: client.put_item(TableName=table, Item=empty))[1]
    assert client.scan(TableName=table)["Count"] == 0


def test_a_hundred_reads_in_one_transaction_are_allowed(cloud: LocalCloud) -> None:
    client, table = cloud.client("dynamodb"), cloud.resource("Table")
    gets = [{"Get": {"TableName": table, "Key": item(f"p{n}")}} for n in range(100)]
    assert len(client.transact_get_items(TransactItems=gets)["Responses"]) == 100


def test_neither_side_sees_later_changes_of_the_other(cloud: LocalCloud) -> None:
    client, table = cloud.client("dynamodb"), cloud.resource("Table")
    given = item("a", nested={"M": {"list": {"L": [{"S": "x"}]}}})
    client.put_item(TableName=table, Item=given)
    given["nested"]["M"]["list"]["L"].append({"S": "y"})
    read = client.get_item(TableName=table, Key=item("a"))["Item"]
    assert read["nested"]["M"]["list"]["L"] == [{"S": "x"}]
    read["nested"]["M"]["list"]["L"].clear()
    assert client.get_item(TableName=table, Key=item("a"))["Item"]["nested"]["M"]["list"]["L"] == [{"S": "x"}]


def test_the_resource_layer_and_binary_values_work(cloud: LocalCloud) -> None:
    table = boto3.resource("dynamodb", region_name="us-east-1").Table(cloud.resource("Table"))
    table.put_item(Item={"PK": "a", "SK": "b", "bytes": b"\x00\xff", "set": {"x", "y"}})
    found = table.get_item(Key={"PK": "a", "SK": "b"})["Item"]
    assert (found["bytes"].value, found["set"]) == (b"\x00\xff", {"x", "y"})


# --- the same history on the local cloud and on plain moto


def history(draw: random.Random, steps: int) -> list[tuple[str, dict[str, Any]]]:
    """Random reads and writes on few items, so that conditions hold and fail, and transactions collide."""

    def key() -> dict[str, Any]:
        return item(f"p{draw.randrange(3)}", f"s{draw.randrange(4)}")

    def condition() -> dict[str, Any]:
        return draw.choice(
            [
                {},
                {"ConditionExpression": "attribute_not_exists(PK)"},
                {"ConditionExpression": "attribute_exists(PK)"},
                {
                    "ConditionExpression": "n < :limit",
                    "ExpressionAttributeValues": {":limit": {"N": "4"}},
                    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                },
            ]
        )

    def attributes() -> dict[str, Any]:
        found: dict[str, Any] = {"n": {"N": str(draw.randrange(9))}, "list": {"L": [{"S": "x"}]}}
        if draw.random() < 0.7:
            found |= {"status": {"S": draw.choice("ab")}, "due_at": {"S": f"d{draw.randrange(5)}"}}
        return found

    def update() -> dict[str, Any]:
        expression, names, values = draw.choice(
            [
                ("SET n = if_not_exists(n, :zero) + :one", {}, {":zero": {"N": "0"}, ":one": {"N": "1"}}),
                (
                    "ADD n :one SET #s = :s, due_at = :d",
                    {"#s": "status"},
                    {
                        ":one": {"N": "1"},
                        ":s": {"S": draw.choice("ab")},
                        ":d": {"S": f"d{draw.randrange(5)}"},
                    },
                ),
                ("REMOVE #s, due_at", {"#s": "status"}, {}),
                (
                    "SET #l = list_append(if_not_exists(#l, :none), :x)",
                    {"#l": "list"},
                    {":none": {"L": []}, ":x": {"L": [{"N": "1"}]}},
                ),
                ("SET nowhere.deep = :one", {}, {":one": {"N": "1"}}),
                ("SET n = absent", {}, {}),
            ]
        )
        extra = condition()
        values = {**values, **extra.pop("ExpressionAttributeValues", {})}
        found = {"Key": key(), "UpdateExpression": expression, **extra}
        return (
            found
            | ({"ExpressionAttributeNames": names} if names else {})
            | ({"ExpressionAttributeValues": values} if values else {})
        )

    def transaction() -> dict[str, Any]:
        # Each item once: DynamoDB's answer to repeats is not moto's, see above.
        keys = [item(f"p{p}", f"s{s}") for p in range(3) for s in range(4)]
        actions: list[dict[str, Any]] = []
        for key in draw.sample(keys, draw.randrange(1, 4)):
            here = {"TableName": "T", "Key": key}
            actions.append(
                draw.choice(
                    [
                        {"Put": {"TableName": "T", "Item": {**key, **attributes()}, **condition()}},
                        {"Update": {**update(), **here}},
                        {"Delete": {**here, **condition()}},
                        {"ConditionCheck": {**here, "ConditionExpression": "attribute_exists(PK)"}},
                    ]
                )
            )
        return {"TransactItems": actions}

    def projection() -> dict[str, Any]:
        return draw.choice(
            [
                {},
                {"ProjectionExpression": "PK, n, nowhere"},
                {"ProjectionExpression": "#l[0], n", "ExpressionAttributeNames": {"#l": "list"}},
            ]
        )

    def query() -> dict[str, Any]:
        if draw.random() < 0.5:
            asked = {
                "KeyConditionExpression": "PK = :p",
                "ExpressionAttributeValues": {":p": {"S": f"p{draw.randrange(3)}"}},
            }
        else:
            asked = {
                "IndexName": "due",
                "KeyConditionExpression": "#s = :s AND due_at <= :d",
                "ExpressionAttributeNames": {"#s": "status"},
                "ExpressionAttributeValues": {
                    ":s": {"S": draw.choice("ab")},
                    ":d": {"S": f"d{draw.randrange(5)}"},
                },
            }
        return (
            asked | {"ScanIndexForward": draw.random() < 0.5} | ({"Limit": 2} if draw.random() < 0.3 else {})
        )

    makers: list[tuple[str, Callable[[], dict[str, Any]]]] = [
        (
            "put_item",
            lambda: {
                "TableName": "T",
                "Item": {**key(), **attributes()},
                "ReturnValues": "ALL_OLD",
                **condition(),
            },
        ),
        (
            "update_item",
            lambda: {
                "TableName": "T",
                "ReturnValues": draw.choice(["ALL_NEW", "ALL_OLD", "NONE"]),
                **update(),
            },
        ),
        ("delete_item", lambda: {"TableName": "T", "Key": key(), "ReturnValues": "ALL_OLD", **condition()}),
        ("get_item", lambda: {"TableName": "T", "Key": key(), **projection()}),
        (
            "transact_write_items",
            transaction,
        ),
        ("query", lambda: {"TableName": "T", **query()}),
        ("query", lambda: {"TableName": "T", **query()}),
        ("scan", lambda: {"TableName": "T", **projection()}),
        ("query", lambda: {"TableName": "T", **query(), "Select": "COUNT"}),
    ]
    return [(name, make()) for name, make in (draw.choice(makers) for _ in range(steps))]


def play(client: Any, story: list[tuple[str, dict[str, Any]]]) -> list[Answer]:
    client.create_table(
        TableName="T",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in KEYS.items()],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "due",
                "KeySchema": [
                    {"AttributeName": "status", "KeyType": "HASH"},
                    {"AttributeName": "due_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    answers: list[Answer] = []
    for operation, params in story:
        try:
            answer = getattr(client, operation)(**params)
        except ClientError as error:
            answer = error.response
        answers.append(
            (
                operation,
                {
                    k: v
                    for k, v in answer.items()
                    if k not in {"ResponseMetadata", "ConsumedCapacity", "message", "Message"}
                },
            )
        )
    return answers


def without_empty(answers: list[Answer]) -> list[Answer]:
    """Plain moto's answer goes through JSON, where what is empty or None may be left out."""
    return [
        (operation, {k: v for k, v in answer.items() if v not in ({}, [], None, "")})
        for operation, answer in answers
    ]


@pytest.mark.parametrize("seed", range(6))
def test_the_quick_tables_answer_as_plain_moto_does(cloud: LocalCloud, seed: int) -> None:
    story = history(random.Random(seed), 150)
    quick = play(cloud.client("dynamodb"), story)
    cloud.__exit__(None, None, None)
    with mock_aws():
        plain = play(boto3.client("dynamodb", region_name="us-east-1"), story)
    cloud.__enter__()
    assert len({str(a) for a in plain}) > 50
    for number, (mine, theirs) in enumerate(zip(without_empty(quick), without_empty(plain), strict=True)):
        assert mine == theirs, f"step {number}: {story[number]}"
