"""A plan of a sweep: the work if there is any, else a pause until there is, else the day is over."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from builders import NOW, a_campaign
from fakes import FakeCampaigns, FakeClock
from outreach.domain.journeys.campaign import Driver
from outreach.usecases.sweeps.plan_sweep import Plan, Shard, plan_sweep

END_OF_DAY = NOW + timedelta(hours=23)
SWEPT = (a_campaign("news", driver=Driver.SWEEP), a_campaign("win-back", driver=Driver.SWEEP))


class Due:
    """What each campaign's shards wait for, in hours from now."""

    def __init__(self, hours: Mapping[tuple[str, int], float]) -> None:
        self._hours = hours

    def first_due(self, campaign: str) -> Mapping[int, datetime]:
        return {
            shard: NOW + timedelta(hours=hours)
            for (name, shard), hours in self._hours.items()
            if name == campaign
        }


def plan(
    hours: Mapping[tuple[str, int], float], *, ends_at: datetime = END_OF_DAY, only: str | None = None
) -> Plan:
    campaigns = FakeCampaigns(*SWEPT)
    return plan_sweep(campaigns=campaigns, shards=Due(hours), clock=FakeClock(), ends_at=ends_at, only=only)


def test_the_shards_that_hold_work_are_the_plan() -> None:
    due = {("news", 0): -1.0, ("news", 1): 2.0, ("win-back", 1): 0.0}

    assert plan(due) == Plan((Shard("news", 0), Shard("win-back", 1)))


def test_a_sweep_that_an_operator_started_for_one_campaign_plans_that_one_alone() -> None:
    due = {("news", 0): -1.0, ("win-back", 1): 0.0}

    assert plan(due, only="win-back") == Plan((Shard("win-back", 1),))
    assert plan(due, only="gone") == Plan()


def test_without_work_it_looks_again_when_there_will_be_some() -> None:
    assert plan({("news", 0): 7.0, ("win-back", 3): 5.0}) == Plan(look_again_at=NOW + timedelta(hours=5))


def test_it_looks_again_at_most_once_an_hour() -> None:
    assert plan({("news", 0): 0.1}) == Plan(look_again_at=NOW + timedelta(hours=1))


def test_when_nothing_comes_before_the_day_is_over_it_is_over() -> None:
    assert plan({}) == Plan()
    assert plan({("news", 0): 23.0}) == Plan()
    assert plan({("news", 0): 0.1}, ends_at=NOW + timedelta(minutes=50)) == Plan()


def test_work_that_is_left_at_the_end_of_the_day_is_for_the_next_sweep() -> None:
    assert plan({("news", 0): -1.0}, ends_at=NOW) == Plan()


def test_an_enrollment_from_when_its_campaign_was_swept_is_still_driven() -> None:
    campaigns = FakeCampaigns(a_campaign("news", driver=Driver.WORKFLOW))

    found = plan_sweep(
        campaigns=campaigns, shards=Due({("news", 0): 0.0}), clock=FakeClock(), ends_at=END_OF_DAY
    )

    assert found == Plan((Shard("news", 0),))
