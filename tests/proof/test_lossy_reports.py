"""Crashes of senders while reports are lost: a story of either kind; `make proof` runs more of them."""

from math import comb

import pytest

from local_cloud import ReportLoss
from proof.lossy import interval, tell


@pytest.mark.parametrize("way", ["eventbridge", "sns"])
def test_what_one_source_loses_the_other_proves_so_nothing_comes_twice_and_nothing_is_lost(way: str) -> None:
    count = tell(ReportLoss(**{way: 0.3}), swept=12, journeys=2)

    assert (count.killed, count.twice, count.unsent, count.unknown) == (28, 0, 0, 0)
    assert count.unresolved > 0


def test_what_both_sources_lose_may_come_twice_and_is_never_lost() -> None:
    count = tell(ReportLoss(both=0.3, seed=2), swept=24, journeys=2)

    low, high = interval(count.unresolved, 0.3)
    assert 0 < low <= count.twice <= high
    assert count.lost == 0


@pytest.mark.parametrize(("trials", "share"), [(10, 0.05), (800, 0.05), (40, 0.3)])
def test_an_interval_leaves_out_less_than_one_draw_in_a_thousand(trials: int, share: float) -> None:
    low, high = interval(trials, share)

    within = sum(comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(low, high + 1))
    assert within >= 0.999
    assert low <= trials * share <= high
