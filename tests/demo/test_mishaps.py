"""A demo that hides what failed shows nothing: mishaps are reported, and only unrepaired ones."""

from pathlib import Path

from local_cloud import Fault, LocalCloud
from outreach.adapters.dynamodb.sweeps.sweep_log import DynamoSweepLog
from outreach.domain.sweeps.counts import SweepCall, SweepCounts
from outreach_tools.demo.mishaps import mishaps

PROJECT = Path(__file__).parents[2]
SIGN_UP = {
    "event_id": "e-1",
    "occurred_at": "2026-03-02T09:00:00Z",
    "customer": {"id": "c-1", "email": "ana@example.com", "consent": {"marketing": True}},
}


def test_only_what_was_not_repaired_is_a_mishap() -> None:
    with LocalCloud(project=PROJECT) as cloud:
        cloud.faults.append(Fault(function="AdvanceEnrollmentFunction", call=1, when="before"))
        cloud.emit("customer.signed_up", SIGN_UP)
        cloud.advance(hours=1)
        assert len(cloud.outbox) == 1  # the first attempt crashed, and another one did it
        assert mishaps(cloud) == []

        cloud.emit("customer.signed_up", {"event_id": "e-2"})
        told = mishaps(cloud)
        assert told[0] == "1 events lie in the dead-letter queue"
        assert told[1].startswith("AdvanceEnrollmentFunction: Runtime.ExitError")


def test_a_sweep_whose_numbers_do_not_add_up_is_a_mishap() -> None:
    with LocalCloud(project=PROJECT) as cloud:
        book = DynamoSweepLog(cloud.client("dynamodb"), cloud.outputs["TableName"])
        book.end(SweepCall(cloud.now, "call-1", "win-back"), SweepCounts(due=2, sent=1))

        (told,) = mishaps(cloud)
        assert told.startswith("win-back: the sweep of ")
