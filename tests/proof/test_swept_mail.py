"""Sweeps on the whole stack: their pace, concurrent sweeps, and messages that are the same on both paths."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise, product
from typing import Any

import pytest

from local_cloud import LocalCloud, SentEmail, SesAccount
from proof.project import project

START = "2026-03-02T04:00:00Z"
SWEEP_AT = datetime.fromisoformat("2026-03-02T05:00:00Z")


@contextmanager
def readers(number: int, *, ses: SesAccount | None = None, **parameters: str) -> Iterator[LocalCloud]:
    """A stack where `number` customers wait for their message, an hour before the sweep."""
    with project() as folder, LocalCloud(START, project=folder, parameters=parameters, ses=ses) as cloud:
        for reader in range(number):
            wants_mail(cloud, f"c-{reader}")
        yield cloud


def wants_mail(cloud: LocalCloud, customer_id: str) -> None:
    now = cloud.now.isoformat()
    consent = {"marketing": True, "at": now}
    customer = {"id": customer_id, "email": f"{customer_id}@example.com", "first_name": 'Ana "é" <b>'}
    detail: dict[str, Any] = {"event_id": customer_id, "occurred_at": now}
    cloud.emit("letter.wanted", detail | {"customer": customer | {"consent": consent}})


def calls(cloud: LocalCloud, operation: str) -> list[str]:
    """The error of each, empty where there was none."""
    return [call.error for call in cloud.calls if call.operation == operation]


@pytest.mark.parametrize(("rate", "number"), [(1, 25), (14, 100)])
def test_a_sweep_uses_the_rate_it_has_and_is_never_refused_for_it(rate: int, number: int) -> None:
    with readers(number, ses=SesAccount(max_send_rate=rate)) as cloud:
        cloud.advance(until=SWEEP_AT + timedelta(minutes=10))

        sent = sorted(mail.sent_at for mail in cloud.outbox)
        assert len(sent) == len({mail.to for mail in cloud.outbox}) == number
        assert set(calls(cloud, "SendEmail") + calls(cloud, "SendBulkEmail")) == {""}
        took = (sent[-1] - sent[0]).total_seconds()
        assert took <= number / rate * 1.1
        instants = Counter(sent)
        for first, second in pairwise(sorted(instants)):
            assert second - first >= timedelta(seconds=instants[first] / rate) * 0.96


def test_two_sweeps_that_begin_at_once_send_every_message_once() -> None:
    with readers(120) as cloud:
        for shard, name in product((0, 1), ("first", "second")):
            wake = {"campaign": "letter", "shard": shard, "at": cloud.now.isoformat()}
            cloud.client("stepfunctions").start_execution(
                stateMachineArn=cloud.resource("WakeStateMachine"),
                name=f"{name}-{shard}",
                input=json.dumps(wake),
            )
        cloud.advance(minutes=30)

        assert Counter(mail.to for mail in cloud.outbox) == Counter(
            f"c-{reader}@example.com" for reader in range(120)
        )
        assert len(calls(cloud, "SendBulkEmail")) >= 3


def _message(number: int) -> tuple[SentEmail, list[str]]:
    """The first reader's message when `number` are due, and the calls to SES."""
    with readers(number, LinkSecret="the same for both, and long enough", DueShards="1") as cloud:
        cloud.advance(until=SWEEP_AT + timedelta(minutes=5))
        (mail,) = [mail for mail in cloud.outbox if mail.to == "c-0@example.com"]
        return mail, [call.operation for call in cloud.calls if call.operation.startswith("Send")]


def test_a_message_sent_in_a_page_is_to_the_byte_the_one_that_is_sent_alone() -> None:
    alone, alone_by = _message(1)
    together, together_by = _message(2)

    assert (alone_by, together_by) == (["SendEmail"], ["SendBulkEmail"])
    for part in ("subject", "html", "text", "headers", "tags", "sender", "reply_to", "recipients"):
        assert getattr(alone, part) == getattr(together, part), part
    assert _without_id(together) == _without_id(alone)


def _without_id(mail: SentEmail) -> bytes:
    return mail.raw.replace(mail.message_id.encode(), b"id")
