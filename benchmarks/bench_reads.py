"""Whether a sweep reads what is due and nothing else: read units per message while the table grows ten-fold.

Measured on the local cloud's real tables: the units of every answer, by the size of the rows in it.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

import boto3
from botocore.config import Config

from journeys import order
from local_cloud import LocalCloud
from measurement import Measurement

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
DUE = 20
IDLE = (20, 380)
"""Customers without anything due, in the small table and in the large one: ten times as many in all."""


def measure() -> Iterator[Measurement]:
    """The same twenty are due in both."""
    small, large = (units_per_mail(idle) for idle in IDLE)
    yield Measurement("scale.read_units_growth_10x", large / small, "ratio", 1.15)


def units_per_mail(idle: int) -> float:
    with LocalCloud(
        start=START.isoformat(), seed=1, parameters={"ReconcilerSchedule": "rate(30 days)"}
    ) as cloud:
        for number in range(DUE):
            cloud.emit("order.placed", order(f"due-{number}", START))
        cloud.advance(days=60)
        for number in range(idle):
            cloud.emit("order.placed", order(f"idle-{number}", START + timedelta(days=60)))
        before = len(cloud.outbox)
        with units_read() as read:
            cloud.advance(days=32)
        return sum(read) / (len(cloud.outbox) - before)


@contextmanager
def units_read() -> Iterator[list[float]]:
    """Units of every read that a handler makes meanwhile; an empty query of the due index is half of one."""
    read: list[float] = []

    def add(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        rows = parsed.get("Items") or [parsed["Item"]] if "Item" in parsed else parsed.get("Items", [])
        rows = rows or [row for found in parsed.get("Responses", {}).values() for row in found]
        if model.name == "Query":
            read.append(ceil(sum(map(size, rows)) / 4096) or 0.5)
        elif rows:
            read.extend(ceil(size(row) / 4096) for row in rows)

    # The local cloud shares clients by their settings: these are the functions' own.
    events = boto3.client("dynamodb", config=Config(parameter_validation=False)).meta.events
    events.register("after-call.dynamodb", add)
    yield read
    events.unregister("after-call.dynamodb", add)


def size(row: dict[str, Any]) -> int:
    return len(json.dumps(row))
