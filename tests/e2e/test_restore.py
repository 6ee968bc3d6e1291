"""Yesterday's table comes back: nothing is sent twice, and customers who left get no mail."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import datetime
from typing import Any

import pytest
from typer.testing import CliRunner

from e2e.own_campaigns import project_of
from e2e.shop import PROJECT, Shop, days, hours, minutes
from local_cloud import LocalCloud
from outreach_tools.cli.app import app
from rehearsals.campaigns import NEWS, RECEIPTS

START = "2026-03-02T09:00:00Z"
EARLIER = [f"c-early-{number}" for number in range(8)]
LATER = [f"c-late-{number}" for number in range(4)]
ROWS = "the-rows-of-that-time"

type Outreach = Callable[..., Any]


@pytest.fixture
def campaigns() -> dict[str, str]:
    """The shipped ones, unless a test brings its own."""
    return {}


@pytest.fixture
def shop(campaigns: dict[str, str]) -> Iterator[Shop]:
    own = project_of(campaigns) if campaigns else nullcontext(PROJECT)
    with own as project, LocalCloud(START, project=project) as cloud:
        yield Shop(cloud)


@pytest.fixture
def outreach(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Outreach:
    """Runs a command on the stack and returns its document."""
    monkeypatch.chdir(PROJECT)

    def run(*arguments: str) -> Any:
        result = CliRunner().invoke(app, [*arguments, "--json"], obj=shop.cloud, catch_exceptions=False)
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    return run


def _rows(shop: Shop) -> list[dict[str, Any]]:
    pages = (
        shop.cloud.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=shop.cloud.outputs["TableName"])
    )
    return [row for page in pages for row in page["Items"]]


def _as_table(shop: Shop, rows: list[dict[str, Any]]) -> None:
    """What DynamoDB's point-in-time recovery makes: a table of its own with the rows of an earlier time."""
    client = shop.cloud.client("dynamodb")
    client.create_table(
        TableName=ROWS,
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK")],
        KeySchema=[
            {"AttributeName": "PK", "KeyType": "HASH"},
            {"AttributeName": "SK", "KeyType": "RANGE"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    for row in rows:
        client.put_item(TableName=ROWS, Item=row)


def _restore(shop: Shop, outreach: Outreach, to: datetime, *, copies: int = 1) -> dict[str, Any]:
    """The steps of an operator; returns what was unresolved."""
    outreach("restore", "begin", "--to", to.isoformat(), "--rows", ROWS)
    shop.waits(minutes(17))
    for _ in range(copies):
        outreach("restore", "copy")
    shop.waits(minutes(11))
    while not outreach("restore", "replay")["done"]:
        shop.waits(minutes(10))
    uncertain = outreach("restore", "check")
    swept = len([run for run in shop.cloud.invocations if run.function == "SweepPageFunction"])
    shop.waits(hours(3))
    calls = len([run for run in shop.cloud.invocations if run.function == "SweepPageFunction"]) - swept
    assert calls <= 36, "what is due rests: a wake looks at each of two shards every ten minutes"
    outreach("restore", "finish")
    shop.waits(minutes(30))
    outreach("sending", "resume")
    return {"uncertain": uncertain}


def _unsubscribes(shop: Shop, customer_id: str) -> None:
    link = shop.inbox(customer_id)[-1].headers["List-Unsubscribe"].strip("<>")
    path = "/" + link.split("/", 3)[3]
    assert shop.cloud.http("POST", path, body="List-Unsubscribe=One-Click").status == 200


def test_a_restore_to_yesterday_sends_nothing_twice_and_mails_no_customer_who_left(
    shop: Shop, outreach: Outreach
) -> None:
    for customer_id in EARLIER:
        shop.signs_up(customer_id)
    shop.waits(hours(2))
    yesterday, rows = shop.now, _rows(shop)

    # The day that the table has lost: new customers, messages, an opt-out, a bounce, a deletion, a stop.
    shop.waits(hours(1))
    for customer_id in LATER:
        shop.signs_up(customer_id)
    shop.waits(hours(1))
    left, bounced, deleted, stopped = EARLIER[0], EARLIER[1], EARLIER[2], EARLIER[3]
    _unsubscribes(shop, left)
    shop.cloud.ses_event("Email Bounced", shop.inbox(bounced)[-1].message_id, bounceType="Permanent")
    shop.tells("customer.deleted", deleted)
    outreach("customers", "stop", stopped)
    shop.waits(hours(21))  # `first-steps` is sent to the others a day after the welcome
    assert [name for name, _ in shop.got(EARLIER[4])] == ["welcome", "first-steps"]

    _as_table(shop, rows)
    told = _restore(shop, outreach, yesterday)
    shop.waits(days(14))

    assert told["uncertain"] == []
    twice = {
        (who, message): times
        for who in (*EARLIER, *LATER)
        for message, times in Counter(name for name, _ in shop.got(who)).items()
        if times > 1
    }
    assert twice == {}
    assert {who: [name for name, _ in shop.got(who)] for who in (left, bounced, deleted, stopped)} == {
        who: ["welcome"] for who in (left, bounced, deleted, stopped)
    }
    assert all(
        [name for name, _ in shop.got(who)] == ["welcome", "first-steps", "need-a-hand", "how-is-it-going"]
        for who in (*EARLIER[4:], *LATER)
    ), {who: shop.got(who) for who in (*EARLIER[4:], *LATER)}
    began = datetime.fromisoformat(START)
    assert [at for _, at in shop.got(EARLIER[4])] == [began + days(number) for number in (0, 1, 4, 10)]
    assert "example.com" not in str(shop.stored(deleted))
    assert shop.cloud.refused == ()


@pytest.mark.parametrize("campaigns", [{"news": NEWS, "receipts": RECEIPTS}])
def test_a_restore_repeats_no_swept_and_no_order_message(shop: Shop, outreach: Outreach) -> None:
    for customer_id in EARLIER:
        shop.signs_up(customer_id)
    shop.order("placed", EARLIER[0], "o-before")
    shop.waits(hours(12))
    yesterday, rows = shop.now, _rows(shop)

    shop.order("placed", EARLIER[1], "o-since")
    for customer_id in LATER:
        shop.signs_up(customer_id)
    shop.waits(days(1))
    # The row says that the receipt is being sent; the report of it is older than the restored time.
    claimed = [row for row in rows if row["SK"]["S"] == "ENROLLMENT#receipts#o-before"]
    claimed[0]["sends"]["M"]["receipt"]["M"] |= {"s": {"S": "claimed"}, "r": {"N": "0"}}
    claimed[0]["step"] = {"S": "receipt"}

    _as_table(shop, rows)
    told = _restore(shop, outreach, yesterday, copies=2)
    shop.waits(days(10))

    assert told["uncertain"] == []
    news = ["first-news", "second-news"]
    got = {who: [name for name, _ in shop.got(who)] for who in (*EARLIER, *LATER)}
    assert {who: [name for name in names if name in news] for who, names in got.items()} == dict.fromkeys(
        got, news
    )
    assert [sorted(set(got[who]) - {*news}) for who in EARLIER[:2]] == [["how-it-was", "receipt"]] * 2
    assert [len(got[who]) for who in EARLIER[:3]] == [4, 4, 2]
