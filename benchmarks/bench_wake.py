"""How late a swept message is, what a wake costs, and how much a second sweeper slows a sweep down.

Counted on the local cloud with the shipped win-back, whose first message is due 90 days after an order.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from local_cloud import LocalCloud, SesAccount
from measurement import Measurement
from prices import GB_SECOND, INVOCATION, MEMORY_GB, READ_UNIT, ROUND_TRIP, TRANSITION, VCPU, WRITE_UNIT

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
WAIT = timedelta(days=90)
LIMITS = {1: 0.115, 20: 0.006, 200: 0.0007}
"""US dollars per 1,000 messages beyond the base sweep, by messages a wake."""
LAG = 5
"""Seconds by which the index is behind."""
RIVALS_MAILS = 400


def measure() -> Iterator[Measurement]:
    """Each figure from a run of its own."""
    yield Measurement("wake.seconds_late", seconds_late(), "s", 75)
    yield Measurement("wake.idle_usd_per_month", idle_dollars(), "USD", 0)
    dollars = dollars_per_wake()
    for mails, limit in LIMITS.items():
        yield Measurement(f"cost.wake_usd_per_1000_at_{mails}", 1000 * dollars / mails, "USD", limit)
    yield Measurement("sweep.two_rivals_slowdown", sweep_seconds(2) / sweep_seconds(1), "ratio", 1.3)


def seconds_late() -> float:
    """The worst of a hundred messages that come due at all seconds of the minute."""
    due: dict[str, datetime] = {}
    with cloud(index_lag=LAG) as running:
        for number in range(100):
            due[order(running, number, WAIT)] = running.now
            running.advance(seconds=17)
        running.advance(minutes=5)
        return max((mail.sent_at - due[mail.to]).total_seconds() for mail in running.outbox)


def idle_dollars() -> float:
    """What the wakes of a month cost in which something is enrolled and nothing is due."""
    with cloud() as running:
        order(running, 0, timedelta(0))
        running.advance(days=30)
        return TRANSITION * sum(run.transitions for run in running.executions("WakeStateMachine"))


def dollars_per_wake() -> float:
    """The transitions of a wake that sends, and a call of its function that finds nothing to send."""
    with cloud() as running:
        for number in range(5):
            order(running, number, WAIT)
        running.advance(minutes=2)
        (wake,) = running.executions("WakeStateMachine")
        before = len(running.calls)
        payload = {"owner": "benchmark", "wake": wake.input | {"looked_again": True}}
        started = time.process_time()
        function = running.resource("SweepPageFunction")
        running.client("lambda").invoke(FunctionName=function, Payload=json.dumps(payload))
        cpu = time.process_time() - started
        calls = Counter(call.operation for call in running.calls[before:])
        requests = sum(calls.values())
        return (
            wake.transitions * TRANSITION
            + (calls["UpdateItem"] + calls["PutItem"]) * WRITE_UNIT
            + (calls["Query"] + calls["GetItem"]) * READ_UNIT
            + INVOCATION
            + MEMORY_GB * (cpu / VCPU + requests * ROUND_TRIP) * GB_SECOND
        )


def sweep_seconds(wakes: int) -> float:
    """CPU seconds of a sweep when so many wakes come at once."""
    with cloud(ses=SesAccount(max_send_rate=500)) as running:
        for number in range(RIVALS_MAILS):
            order(running, number, WAIT)
        (wake,) = running.executions("WakeStateMachine")
        machine = running.resource("WakeStateMachine")
        for number in range(wakes - 1):
            running.client("stepfunctions").start_execution(
                stateMachineArn=machine, name=f"rival-{number}", input=json.dumps(wake.input)
            )
        started = time.process_time()
        running.advance(minutes=2)
        return time.process_time() - started


def cloud(**options: Any) -> LocalCloud:
    """One shard, so that everything is due in the same."""
    return LocalCloud(START, parameters={"DueShards": "1"}, **options)


def order(running: LocalCloud, number: int, ago: timedelta) -> str:
    """An order of a customer of their own; the address that the message goes to."""
    at = (running.now - ago).isoformat()
    address = f"c-{number}@example.com"
    customer = {"id": f"c-{number}", "email": address, "consent": {"marketing": True, "at": at}}
    event = {"event_id": f"e-{number}", "occurred_at": at, "customer": customer}
    running.emit("order.placed", event | {"order": {"id": f"o-{number}", "items": []}})
    return address
