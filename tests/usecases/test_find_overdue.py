"""What was not swept for a day is found, although its campaign may be gone."""

from datetime import timedelta

from builders import NOW, a_campaign, an_enrollment
from fakes import FakeCampaigns, FakeShardLease, FakeTable
from outreach.domain.journeys.campaign import Campaign, Driver
from outreach.ports.sweeps import NextLook
from outreach.usecases.operations.find_overdue import OVERDUE, find_overdue

NEWS = a_campaign("news", driver=Driver.SWEEP)


def a_table_with(*campaigns: str, due_in: timedelta = timedelta(0)) -> FakeTable:
    table = FakeTable(shards=1)
    for name in campaigns:
        table.save(an_enrollment(name, swept=True, due_at=NOW + due_in))
    return table


def overdue(
    table: FakeTable, *current: Campaign, after: timedelta, lease: FakeShardLease | None = None
) -> dict[str, int]:
    return find_overdue(
        campaigns=FakeCampaigns(*current),
        shards=table,
        lease=lease or FakeShardLease(),
        swept=table,
        now=NOW + after,
    )


def test_what_is_due_for_more_than_a_day_is_reported_with_its_campaign() -> None:
    table = a_table_with("news")

    assert overdue(table, NEWS, after=OVERDUE) == {}
    assert overdue(table, NEWS, after=OVERDUE + timedelta(seconds=1)) == {"news": 1}


def test_it_is_reported_too_when_its_campaign_was_deleted_meanwhile() -> None:
    table = a_table_with("news", "gone", due_in=timedelta(days=90))

    assert overdue(table, NEWS, a_campaign("gone", driver=Driver.SWEEP), after=timedelta(0)) == {}
    assert overdue(table, NEWS, after=timedelta(days=90)) == {}
    assert overdue(table, after=timedelta(days=92)) == {"gone": 1, "news": 1}


def test_a_campaign_that_is_a_journey_now_may_have_been_swept() -> None:
    table = a_table_with("news")

    assert overdue(table, a_campaign("news"), after=timedelta(0)) == {}
    assert overdue(table, after=timedelta(days=2)) == {"news": 1}


def test_what_a_pause_holds_is_not_reported_until_no_sweep_reaches_it_any_more() -> None:
    table, lease = a_table_with("news"), FakeShardLease()
    held_until = NOW + timedelta(days=3)
    lease.acquire("news", 0, owner="a wake", now=held_until)
    lease.release("news", 0, owner="a wake", look=NextLook(held_until, is_held=True))

    assert overdue(table, NEWS, lease=lease, after=timedelta(days=3)) == {}
    assert overdue(table, NEWS, lease=lease, after=timedelta(days=3) + OVERDUE) == {}
    assert overdue(table, NEWS, lease=lease, after=timedelta(days=5)) == {"news": 1}


def test_what_is_swept_just_now_is_not_reported() -> None:
    table, lease = a_table_with("news"), FakeShardLease()
    lease.acquire("news", 0, owner="a wake", now=NOW + timedelta(days=2))

    assert overdue(table, NEWS, lease=lease, after=timedelta(days=2)) == {}


def test_a_campaign_that_was_never_swept_is_not_kept() -> None:
    table = a_table_with("news")

    overdue(table, NEWS, a_campaign("onboarding"), after=timedelta(0))

    assert table.swept_campaigns() == {"news"}
