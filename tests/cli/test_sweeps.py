"""`outreach sweeps`: an operator sees the outcome of everything that was due."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from typer.testing import Result

from local_cloud import LocalCloud
from outreach.adapters.dynamodb.sweeps.sweep_log import DynamoSweepLog
from outreach.domain.sweeps.counts import SweepCall, SweepCounts

type Outreach = Callable[..., Result]
PROJECT = Path(__file__).parents[2]
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def test_numbers_are_written_as_a_sum(outreach: Outreach, cloud: LocalCloud) -> None:
    assert "no sweep found anything due" in outreach("sweeps", stack=cloud).stdout
    book = DynamoSweepLog(cloud.client("dynamodb"), cloud.outputs["TableName"])
    sweep = datetime.now(UTC).replace(microsecond=0)
    book.end(SweepCall(sweep, "1", "win-back"), SweepCounts(due=9, sent=5, skipped=1, held=2, moved_on=1))
    book.end(SweepCall(sweep, "1", "tutorial"), SweepCounts(due=3, sent=2))
    book.begin(SweepCall(sweep, "2", "tutorial"))
    book.end(SweepCall(sweep, "1", "letter"), SweepCounts())

    began = f"{sweep:%Y-%m-%d %H:%M}Z"
    assert outreach("sweeps", stack=cloud).stdout.splitlines() == [
        f"{began}  letter: 0 due = 0 sent",
        f"{began}  tutorial: 3 due = 2 sent; 1 missing; 1 of 2 calls have not said what they did",
        f"{began}  win-back: 9 due = 5 sent + 1 skipped + 2 held + 1 moved on",
    ]


def test_a_sweep_that_is_asked_for_twice_in_a_minute_is_started_once(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    before = len(cloud.executions("SweepStateMachine"))
    said = {outreach("sweeps", "start", stack=cloud).stdout for _ in range(2)}

    assert len(said) == len(cloud.executions("SweepStateMachine")) - before
    assert all(words.startswith("a sweep of all campaigns goes on as the execution all-") for words in said)


def test_a_sweep_of_an_unknown_campaign_is_refused(outreach: Outreach, cloud: LocalCloud) -> None:
    result = outreach("sweeps", "start", "winback", stack=cloud)

    assert result.exit_code == 1
    assert "did you mean `win-back`?" in result.stderr
