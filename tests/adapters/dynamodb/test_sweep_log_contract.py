"""What every SweepLog must do, the fake as well as the table."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from builders import NOW
from fake_sweep_log import FakeSweepLog
from outreach.adapters.dynamodb.sweeps.sweep_log import KEPT, DynamoSweepLog
from outreach.domain.sweeps.counts import SweepCall, SweepCounts, SweepReport

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Book = FakeSweepLog | DynamoSweepLog


@pytest.fixture(params=["fake", "dynamodb"])
def book(request: pytest.FixtureRequest) -> Book:
    if request.param == "fake":
        return FakeSweepLog()
    return DynamoSweepLog(request.getfixturevalue("dynamodb"), request.getfixturevalue("table"))


def call(number: int, campaign: str = "win-back", days: int = 0) -> SweepCall:
    return SweepCall(NOW + timedelta(days=days), f"call-{number}", campaign)


def test_the_calls_of_a_sweep_are_added_up_campaign_by_campaign(book: Book) -> None:
    for each, counts in (
        (call(1), SweepCounts(due=3, sent=2, held=1)),
        (call(2), SweepCounts(due=2, sent=2)),
        (call(3, "tutorial"), SweepCounts(due=1, failed=1)),
    ):
        book.begin(each)
        book.end(each, counts)

    assert list(book.reports(NOW)) == [
        SweepReport(NOW, "tutorial", SweepCounts(due=1, failed=1), calls=1, silent_calls=0),
        SweepReport(NOW, "win-back", SweepCounts(due=5, sent=4, held=1), calls=2, silent_calls=0),
    ]
    assert all(report.adds_up for report in book.reports(NOW))


def test_a_call_that_began_and_did_not_end_is_silent(book: Book) -> None:
    book.begin(call(1))
    book.begin(call(2))
    book.end(call(2), SweepCounts())

    (report,) = book.reports(NOW)
    assert (report.calls, report.silent_calls, report.adds_up) == (2, 1, False)


def test_ending_twice_is_ending_once(book: Book) -> None:
    for _ in range(2):
        book.end(call(1), SweepCounts(due=1, sent=1))

    assert [report.counts.sent for report in book.reports(NOW)] == [1]


def test_sweeps_that_began_earlier_are_left_out(book: Book) -> None:
    for days in (-1, 0, 1):
        book.end(call(1, days=days), SweepCounts())

    assert [report.sweep for report in book.reports(NOW)] == [NOW, NOW + timedelta(days=1)]


def test_the_table_forgets_a_call_after_a_while(dynamodb: "DynamoDBClient", table: str) -> None:
    DynamoSweepLog(dynamodb, table).begin(call(1))

    (row,) = dynamodb.scan(TableName=table)["Items"]
    assert int(row["ttl"]["N"]) == int((NOW + KEPT).timestamp())
