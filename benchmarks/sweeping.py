"""Runs the product's own sweep, wired as it is deployed, against an HTTP endpoint."""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import boto3

ROOT = Path(__file__).parents[1]
SINK = Path(__file__).parent / "sink_of_customers.py"
ENVIRONMENT = {
    "AWS_DATA_PATH": str(ROOT / "functions/outreach/adapters/aws_models"),
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "TABLE_NAME": "outreach",
    "SHARDS": "1",
    "BUS_NAME": "outreach",
    "TEMPLATE_BUCKET": "outreach",
    "TEMPLATES_DIR": str(ROOT / "templates"),
    "DEFAULT_TIME_ZONE": "UTC",
    "LINK_SECRET": "benchmark",
    "SECRETS_PATH": "/outreach/benchmark",
    "JOURNEY_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:benchmark",
    "WAKE_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:outreach-wake",
    "RELEASE": "benchmark",
    "SENDER": "Juniper & Oak <hello@example.com>",
    "REPLY_TO": "",
    "CONFIGURATION_SET": "outreach",
    "PUBLIC_URL": "https://example.com",
}


@dataclass(frozen=True, slots=True)
class Run:
    """What sending so many messages took."""

    mails: int
    cpu_seconds: float
    wall_seconds: float
    counted: dict[str, int]

    @property
    def cpu_per_mail(self) -> float:
        return self.cpu_seconds / self.mails


@contextlib.contextmanager
def sink(customers: int, *options: str) -> Iterator[str]:
    """The address of a sink of its own. Another endpoint is measured with `sender.py`."""
    command = [sys.executable, str(SINK), str(customers), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    if process.stdout is None:
        raise RuntimeError("the sink has no output")
    endpoint = f"http://127.0.0.1:{process.stdout.readline().strip()}"
    os.environ.update(ENVIRONMENT, AWS_ENDPOINT_URL=endpoint)
    try:
        yield endpoint
    finally:
        os.environ.pop("AWS_ENDPOINT_URL", None)
        process.kill()
        process.wait()
        process.stdout.close()


def counted(endpoint: str) -> dict[str, int]:
    """The sink's counts since the last call."""
    with urllib.request.urlopen(f"{endpoint}/counted", timeout=10) as answer:
        told: dict[str, int] = json.loads(answer.read())
    return told


def sweep(customers: int, *, warm_up: int = 490) -> Run:
    """Send to so many customers, after a first few that load what a warm function has loaded."""
    with sink(customers + warm_up) as endpoint:
        from outreach import wiring
        from outreach.domain.sweeps.counts import SweepCall
        from outreach.usecases.sweeps.sweep_shard import LOOK_AHEAD

        forget_built()
        page = wiring.sweep_page(timedelta(seconds=15), fail)
        due = page.enrollments.due("win-back", 0, wiring.clock().now(), warm_up)
        for first in range(0, warm_up, 49):
            page.batch(0, due[first : first + 49])
        counted(endpoint)
        cpu, wall = time.process_time(), time.perf_counter()
        call = SweepCall(wiring.clock().now(), "bench", "win-back")
        done = page(call, 0, stop_at=wiring.clock().now() + timedelta(hours=1))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        if done.counts.sent != customers:
            raise RuntimeError(f"{customers} were due, and {done} (looking {LOOK_AHEAD} ahead)")
        return Run(customers, cpu, wall, counted(endpoint))


def advance_one_by_one(customers: int) -> Run:
    """The same messages one by one: what one call of the workflow driver's function does."""
    with sink(customers + 10) as endpoint:
        from outreach import wiring
        from sink_of_customers import ORDER_ID

        forget_built()
        due = wiring.table().enrollments.due("win-back", 0, wiring.clock().now(), customers + 10)
        for each in due[:10]:
            wiring.advance_enrollment()(each, order_id=ORDER_ID)
        counted(endpoint)
        cpu, wall = time.process_time(), time.perf_counter()
        for each in due[10:]:
            wiring.advance_enrollment()(each, order_id=ORDER_ID)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        return Run(customers, cpu, wall, counted(endpoint))


def fail(_who: object, error: Exception) -> None:
    """Nothing may fail here."""
    raise error


def forget_built() -> None:
    """Build clients anew: they keep the endpoint and the models they were made for."""
    boto3.setup_default_session()
    for name, module in list(sys.modules.items()):
        if name.startswith("outreach.wiring"):
            for built in list(vars(module).values()):
                if hasattr(built, "cache_clear"):
                    built.cache_clear()
