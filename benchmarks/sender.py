"""Run the product's sender against any endpoint that speaks SES and DynamoDB, with any number of messages.

    .venv/bin/python benchmarks/sender.py http://127.0.0.1:4566 --messages 10000

It creates the table and the sender's identity where the endpoint has none, stores as many customers who are
due for the same message, sends to them, and prints one JSON object: messages, seconds, CPU and requests.
It calls SES and DynamoDB only, at the endpoint only, with credentials that are made up.
"""

import argparse
import contextlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import batched
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError
from samtranslator.yaml_helper import yaml_parse

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "functions")]

from sink_of_customers import SAMPLE, customer_ids, rows
from sweeping import ENVIRONMENT, ROOT, fail

ROWS_A_WRITE = 25
"""Rows in one BatchWriteItem (DynamoDB limit)."""
PAGE = 49
"""Messages in one bulk call, one below SES's limit of 50."""
WARM_UP = 2 * PAGE
"""Messages that are sent first and not measured: they load what a warm function has loaded."""


def main(arguments: Sequence[str]) -> None:
    """Read the command line, store, send, print."""
    parser = argparse.ArgumentParser(prog="sender.py")
    parser.add_argument("endpoint", help="where SES and DynamoDB answer, such as http://127.0.0.1:4566")
    parser.add_argument("--messages", type=int, default=1000, help="how many are sent and measured")
    asked = parser.parse_args(arguments)
    os.environ.update(ENVIRONMENT, AWS_ENDPOINT_URL=asked.endpoint)
    prepare(asked.messages + WARM_UP)
    print(json.dumps(send(asked.messages)))


def prepare(customers: int) -> None:
    """The table, the identity and the rows; existing ones are used as they are."""
    dynamodb, ses = boto3.client("dynamodb"), boto3.client("sesv2")
    with unless_it_is_there():
        dynamodb.create_table(**table())
    sender = ENVIRONMENT["SENDER"].split("<")[1].rstrip(">")
    for identity in (sender, sender.split("@")[1]):
        with unless_it_is_there():
            ses.create_email_identity(EmailIdentity=identity)
    with unless_it_is_there():
        ses.create_configuration_set(ConfigurationSetName=ENVIRONMENT["CONFIGURATION_SET"])
    texts = [json.dumps(row) for row in rows().values()]
    made = (json.loads(text.replace(SAMPLE, each)) for each in customer_ids(customers) for text in texts)
    for some in batched(made, ROWS_A_WRITE, strict=False):
        puts: list[Any] = [{"PutRequest": {"Item": row}} for row in some]
        while puts:
            answer = dynamodb.batch_write_item(RequestItems={ENVIRONMENT["TABLE_NAME"]: puts})
            puts = answer.get("UnprocessedItems", {}).get(ENVIRONMENT["TABLE_NAME"], [])


def table() -> dict[str, Any]:
    """The table of template.yaml, as CreateTable takes it."""
    properties = yaml_parse((ROOT / "template.yaml").read_text())["Resources"]["Table"]["Properties"]
    known = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    return {"TableName": ENVIRONMENT["TABLE_NAME"]} | {name: properties[name] for name in known}


def send(messages: int) -> dict[str, float]:
    """Send what is due, as the sweep's function does: first some to warm up, then the measured ones."""
    from outreach import wiring
    from outreach.domain.sweeps.counts import SweepCall

    page = wiring.sweep_page(timedelta(seconds=15), fail)
    now = wiring.clock().now()
    due = page.enrollments.due("win-back", 0, now, WARM_UP)
    for some in batched(due, PAGE, strict=False):
        page.batch(0, list(some))
    with requests_counted() as requests:
        cpu, wall = time.process_time(), time.perf_counter()
        done = page(SweepCall(now, "bench", "win-back"), 0, stop_at=now + timedelta(days=1))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    sent = done.counts.sent
    if sent != messages:
        sys.exit(f"{messages} messages were due and {sent} were sent: {done}")
    return {
        "messages": sent,
        "seconds": round(wall, 3),
        "messages_per_second": round(sent / wall, 1),
        "cpu_ms_per_message": round(1000 * cpu / sent, 3),
        **{f"{service}_requests_per_message": round(n / sent, 4) for service, n in sorted(requests.items())},
    }


@contextlib.contextmanager
def requests_counted() -> Iterator[Counter[str]]:
    """HTTP requests by service, of the clients that the sender built."""
    from outreach import wiring

    counted: Counter[str] = Counter()
    clients = {"dynamodb": wiring.dynamodb_client(), "ses": wiring.ses_client()}
    for name, client in clients.items():
        client.meta.events.register("before-send", lambda _n=name, **_: counted.update([_n]))
    yield counted


@contextlib.contextmanager
def unless_it_is_there() -> Iterator[None]:
    """Let an error pass that says that something exists already."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"AlreadyExistsException", "ResourceInUseException"}:
            raise


if __name__ == "__main__":
    main(sys.argv[1:])
