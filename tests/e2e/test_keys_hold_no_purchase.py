"""What was bought is in the rows that erasure empties, and in no key, tag, input, name or log line."""

import json
import re
from typing import Any

import pytest

from e2e.shop import RARELY_RECONCILED, Shop, days, hours

OVEN = re.compile(r"oven(?!-\d)|b3Zlbg")
"""The product line, plain or in base64. `oven-1-first-bake` is the marketer's name of a message."""


@pytest.fixture(scope="module")
def parameters() -> dict[str, str]:
    return RARELY_RECONCILED


def _histories(shop: Shop) -> list[str]:
    client = shop.cloud.client("stepfunctions")
    return [
        json.dumps(page["events"], default=str)
        for run in shop.cloud.executions("JourneyStateMachine")
        for page in client.get_paginator("get_execution_history").paginate(executionArn=run.arn)
    ]


def _row_of(shop: Shop, customer_id: str) -> dict[str, Any]:
    (row,) = [row for row in shop.stored(customer_id) if row["SK"]["S"].startswith("ENROLLMENT#tutorial#")]
    return row


def test_a_product_line_is_in_the_row_and_in_no_key_tag_input_name_or_log(new_shop: Shop) -> None:
    shop = new_shop
    shop.hears_of("c-line")
    shop.order("delivered", "c-line", "o-1", lines=["oven"])
    shop.waits(days(30))

    assert len(shop.got("c-line")) == 4
    row = _row_of(shop, "c-line")
    assert row["key_value"] == {"S": "oven"}
    (run,) = shop.journeys("c-line", "tutorial")
    assert row["SK"]["S"] == f"ENROLLMENT#tutorial#{run.input['key']}"
    assert len(run.input["key"]) == 22
    shown: dict[str, Any] = {
        "keys": [(row["PK"], row["SK"], row.get("due_shard")) for row in shop.stored("c-line")],
        "names": [each.name for each in shop.cloud.executions("JourneyStateMachine")],
        "inputs": [each.input for each in shop.cloud.executions("JourneyStateMachine")],
        "histories": _histories(shop),
        "tags": [mail.tags for mail in shop.cloud.outbox],
        "headers": [
            {name: value for name, value in mail.headers.items() if name != "Subject"}
            for mail in shop.cloud.outbox
        ],
        "logs": [str(line) for line in shop.cloud.logs],
    }
    assert all(shown.values())
    assert {where: OVEN.findall(str(what)) for where, what in shown.items()} == {where: [] for where in shown}

    shop.tells("customer.deleted", "c-line")

    assert OVEN.findall(str(shop.stored("c-line"))) == []


def _as_an_older_release_wrote_it(shop: Shop, customer_id: str) -> None:
    """The run under its clear key, driven by an execution of its own."""
    row = _row_of(shop, customer_id)
    dynamodb, table = shop.cloud.client("dynamodb"), shop.cloud.outputs["TableName"]
    dynamodb.delete_item(TableName=table, Key={"PK": row["PK"], "SK": row["SK"]})
    line = row.pop("key_value")["S"]
    dynamodb.put_item(TableName=table, Item={**row, "SK": {"S": f"ENROLLMENT#tutorial#{line}"}})
    workflows = shop.cloud.client("stepfunctions")
    (run,) = shop.journeys(customer_id, "tutorial")
    workflows.stop_execution(executionArn=run.arn)
    workflows.start_execution(
        stateMachineArn=shop.cloud.outputs["JourneyStateMachineArn"],
        name="tutorial-of-an-older-release-1",
        input=json.dumps({"customer_id": customer_id, "campaign": "tutorial", "key": line, "run": 1}),
    )


def test_a_run_of_an_older_release_goes_on_under_its_old_key_until_it_is_erased(shop: Shop) -> None:
    shop.hears_of("c-old")
    shop.waits_for_the_clock(10)
    shop.order("delivered", "c-old", "o-2", lines=["oven"])
    _as_an_older_release_wrote_it(shop, "c-old")
    shop.waits(days(2))
    shop.order("delivered", "c-old", "o-3", lines=["oven"])
    shop.waits(days(30))

    assert [message for message, _ in shop.got("c-old")] == [
        "oven-1-first-bake", "oven-2-pizza", "oven-3-sourdough", "oven-4-care",
    ]  # fmt: skip
    assert {mail.tags["key"] for mail in shop.inbox("c-old")} == {"b3Zlbg"}
    row = _row_of(shop, "c-old")
    statuses = {step: send["M"]["s"]["S"] for step, send in row["sends"]["M"].items()}
    assert set(statuses.values()) == {"delivered"}
    shop.cloud.ses_event("Email Opened", shop.inbox("c-old")[0].message_id)
    shop.waits(hours(1))
    assert _row_of(shop, "c-old")["sends"]["M"]["oven-1-first-bake"]["M"]["s"] == {"S": "opened"}

    shop.tells("customer.deleted", "c-old")

    assert OVEN.findall(str(shop.stored("c-old"))) == []
