"""A page of a sweep: all that is due in a shard, whatever is wrong with some of it, and never for ever."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from builders import NOW, a_campaign, a_customer
from fakes import FakeTable
from outreach.domain.campaign import Campaign, Driver
from outreach.domain.chance import shard_of
from outreach.domain.enrollment import EnrollmentId, HoldReason
from outreach.domain.errors import UnknownCampaign
from outreach.usecases.sweep_page import MOST_FAILURES_IN_A_ROW, PAGE, Page, sweep_page
from usecases.seams import Phase
from usecases.shop import SHARDS, Shop
from usecases.steps import send

CAMPAIGN = a_campaign("win-back", driver=Driver.SWEEP, steps=(send("we-miss-you"),))
IDS = [f"c-{number}" for number in range(400) if shard_of(f"c-{number}", SHARDS) == 0]
"""Customers of shard 0."""


def a_shop_of(ids: Sequence[str], campaign: Campaign = CAMPAIGN) -> Shop:
    shop = Shop(campaign)
    for customer_id in ids:
        shop.enroll(campaign, a_customer(customer_id), key=customer_id)
    return shop


def spoil(shop: Shop, ids: Sequence[str]) -> None:
    """Nobody has the campaign that these are pinned to."""
    for customer_id in ids:
        row = shop.row(EnrollmentId(customer_id, "win-back", customer_id))
        shop.table.enrollments[row.id] = replace(row, bundle="lost")


def test_more_than_a_page_is_worked_through() -> None:
    shop = a_shop_of(IDS[: PAGE + 20])

    assert shop.sweep(CAMPAIGN, 0) == Page(PAGE + 20)
    assert len(shop.mails) == PAGE + 20


def test_what_is_not_due_and_what_lies_in_other_shards_is_left_alone() -> None:
    shop = a_shop_of([*IDS[:3], *(f"c-{n}" for n in range(20) if shard_of(f"c-{n}", SHARDS) == 1)])
    row = shop.row(EnrollmentId(IDS[0], "win-back", IDS[0]))
    shop.table.save(row.held(HoldReason.PACE, NOW + timedelta(minutes=1)))

    assert shop.sweep(CAMPAIGN, 0) == Page(2)
    assert {mail.send_id.customer_id for mail in shop.mailer.sent} == set(IDS[1:3])


def test_it_stops_in_time_and_says_that_there_is_more() -> None:
    shop = a_shop_of(IDS[:5])

    def pass_time() -> None:
        shop.clock.advance(seconds=10)
        shop.seams.at_next("send", Phase.BEFORE, pass_time)

    shop.seams.at_next("send", Phase.BEFORE, pass_time)

    assert shop.sweep(CAMPAIGN, 0, stop_at=NOW + timedelta(seconds=25)) == Page(3, more=True)
    assert len(shop.mails) == 3


def test_without_any_time_left_it_begins_nothing() -> None:
    shop = a_shop_of(IDS[:5])

    assert shop.sweep(CAMPAIGN, 0, stop_at=NOW) == Page(0, more=True)


def test_enrollments_that_cannot_be_moved_do_not_hold_up_the_others() -> None:
    shop = a_shop_of(IDS[:150])
    bad = IDS[0:150:2]
    spoil(shop, bad)

    page = shop.sweep(CAMPAIGN, 0)

    assert page == Page(75, {"UnknownCampaign": 75})
    assert [who.customer_id for who, _ in shop.failures] == sorted(bad)
    assert len(shop.mails) == 75


def test_whole_pages_of_enrollments_that_cannot_be_moved_do_not_hide_those_behind_them() -> None:
    shop = a_shop_of(IDS[:180])
    in_order = sorted(IDS[:180])
    spoil(shop, [each for number, each in enumerate(in_order[:160]) if number % 10])

    page = shop.sweep(CAMPAIGN, 0)

    assert page == Page(16 + 20, {"UnknownCampaign": 144})


def test_when_everything_fails_it_stops_before_all_is_spoilt() -> None:
    shop = a_shop_of(IDS[:50])
    shop.mailer.refuse_next(*(TimeoutError() for _ in range(50)))

    with pytest.raises(TimeoutError):
        shop.sweep(CAMPAIGN, 0)

    claimed = [row for row in shop.table.enrollments.values() if row.sends]
    assert len(claimed) == MOST_FAILURES_IN_A_ROW


def test_a_failure_says_what_it_was() -> None:
    shop = a_shop_of(IDS[:1])
    spoil(shop, IDS[:1])

    shop.sweep(CAMPAIGN, 0)

    ((_, error),) = shop.failures
    assert isinstance(error, UnknownCampaign)


class StaleTable(FakeTable):
    """Its index goes on showing what was due when the test began."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(shards=SHARDS)
        self._stale = shop.table.due("win-back", 0, NOW, 1000)
        self.asked: list[int] = []

    def due(self, campaign: str, shard: int, now: datetime, limit: int) -> tuple[EnrollmentId, ...]:
        del campaign, shard, now
        self.asked.append(limit)
        return self._stale[:limit]


def test_an_index_that_lags_behind_makes_it_neither_go_round_for_ever_nor_send_twice() -> None:
    shop = a_shop_of(IDS[: 2 * PAGE + 30])
    stale = StaleTable(shop)

    page = sweep_page(
        "win-back",
        0,
        enrollments=stale,
        advance=shop.advance,
        clock=shop.clock,
        stop_at=NOW + timedelta(minutes=15),
        on_failure=lambda _, error: pytest.fail(str(error)),
    )

    assert page == Page(2 * PAGE + 30)
    assert len(shop.mails) == 2 * PAGE + 30
    assert len(stale.asked) < 10
