"""The table of an older release, loaded into a stack of today."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local_cloud import LocalCloud
from outreach_tools.demo.emails import numbered
from outreach_tools.demo.orders_file import purchases_by_customer
from outreach_tools.demo.plan import BEGINS, PlannedEvent, plan

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parents[1] / "data" / "0.1.0"
CUSTOMERS, SEED = 60, 1
SHARDS = 2
TWO_MONTHS = timedelta(days=62)
UPGRADED = BEGINS + timedelta(days=31)
"""The dump is of just before."""
PARAMETERS = {"ReconcilerSchedule": "rate(7 days)"}

type Got = Counter[tuple[str, str, str]]
"""How often a customer got a message of a campaign."""


def items() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / "table.jsonl").read_text("utf-8").splitlines()]


def followed() -> frozenset[str]:
    """Some of the customers of the dump: all who wait for an event, and every fourth of the others.

    Customers do not depend on each other, and all of them would take a minute.
    """
    waiting = {_customer(item) for item in items() if "token" in item}
    everybody = sorted({_customer(item) for item in items()} - {""})
    return frozenset(waiting | set(everybody[::4]))


def load(client: "DynamoDBClient", table: str, customers: frozenset[str] | None = None) -> None:
    """All rows, or all but those of other customers than these."""
    for item in items():
        if customers is None or _customer(item) in {*customers, ""}:
            client.put_item(TableName=table, Item=item)


def upgraded() -> LocalCloud:
    """A stack of today that starts when the dump was taken; `load` gives it the table."""
    return LocalCloud(UPGRADED, SEED, project=ROOT, parameters=PARAMETERS)


def from_the_beginning() -> LocalCloud:
    """A stack of today that sees the whole story."""
    return LocalCloud(BEGINS, SEED, project=ROOT, parameters=PARAMETERS)


def story() -> Sequence[PlannedEvent]:
    """Of the customers that are followed."""
    customers = followed()
    events = plan(purchases_by_customer(), CUSTOMERS, SEED)
    return [event for event in events if event.detail["customer"]["id"] in customers]


def replay(cloud: LocalCloud) -> None:
    """What happens in the shop from now on until two months after the beginning."""
    begins, ends = cloud.now, BEGINS + TWO_MONTHS
    for event in story():
        if begins <= event.at < ends:
            cloud.advance(until=event.at)
            cloud.emit(event.name, dict(event.detail), source="shop")
    cloud.advance(until=ends)


def sent_before() -> Got:
    """Of the dump: what 0.1.0 sent to the followed customers, in the newest runs and in earlier ones."""
    customers = followed()
    return Counter(_sent([item for item in items() if _customer(item) in customers]))


def sent_by(cloud: LocalCloud) -> Got:
    return Counter((each.customer, each.campaign, each.message) for each in numbered(cloud.outbox))


def _customer(item: dict[str, Any]) -> str:
    """Whose partition it is in; empty for the others."""
    kind, _, name = item["PK"]["S"].partition("#")
    return name if kind == "CUSTOMER" else ""


def _sent(rows: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    for row in rows:
        kind, _, rest = row["SK"]["S"].partition("#")
        if kind in {"ENROLLMENT", "RUN"}:
            customer, campaign = row["PK"]["S"].partition("#")[2], rest.partition("#")[0]
            yield from ((customer, campaign, send["M"]["m"]["S"]) for send in row["sends"]["M"].values())
