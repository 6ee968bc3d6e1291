"""A page of a sweep: all that is due in a shard, whatever is wrong with some of it, and with an end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from builders import NOW, a_campaign, a_customer
from outreach.domain.errors import SendUnclearError, UnknownCampaignError
from outreach.domain.journeys.campaign import Campaign, Driver
from outreach.domain.journeys.enrollment import EnrollmentId, HoldReason
from outreach.domain.journeys.hash_share import shard_of
from outreach.domain.journeys.progress import Look
from outreach.domain.sending.account_limits import Limits
from outreach.domain.sending.page import LARGEST_PAGE
from outreach.domain.sweeps.counts import SweepCall, SweepReport
from outreach.usecases.sweeps.sweep_shard import LOOK_AHEAD, MOST_FAILURES_IN_A_ROW, MOST_TROUBLE_IN_A_ROW
from usecases.seams import CrashError, Phase, crash
from usecases.shop import SHARDS, Shop, swept_as
from usecases.steps import send

CAMPAIGN = a_campaign("win-back", driver=Driver.SWEEP, steps=(send("we-miss-you"),))
IDS = [f"c-{number}" for number in range(1200) if shard_of(f"c-{number}", SHARDS) == 0]
"""Customers of shard 0."""


def a_shop_of(ids: Sequence[str], campaign: Campaign = CAMPAIGN) -> Shop:
    shop = Shop(campaign)
    for customer_id in ids:
        shop.enroll(campaign, a_customer(customer_id), key=customer_id)
    return shop


def spoil(shop: Shop, ids: Sequence[str]) -> None:
    """The campaign that these are pinned to does not exist."""
    for customer_id in ids:
        row = shop.row(EnrollmentId(customer_id, "win-back", customer_id))
        shop.table.enrollments[row.id] = replace(row, bundle="lost")


def test_more_than_a_page_is_worked_through() -> None:
    shop = a_shop_of(IDS[: LARGEST_PAGE + 20])

    assert shop.sweep(CAMPAIGN, 0) == swept_as(sent=LARGEST_PAGE + 20)
    assert len(shop.mails) == LARGEST_PAGE + 20
    assert shop.bulk_mailer.calls == [LARGEST_PAGE, 20]


def test_what_is_not_due_and_what_lies_in_other_shards_is_left_alone() -> None:
    shop = a_shop_of([*IDS[:3], *(f"c-{n}" for n in range(20) if shard_of(f"c-{n}", SHARDS) == 1)])
    row = shop.row(EnrollmentId(IDS[0], "win-back", IDS[0]))
    shop.table.save(row.held(HoldReason.PACE, NOW + timedelta(minutes=1)))

    assert shop.sweep(CAMPAIGN, 0) == swept_as(sent=2)
    assert {mail.send_id.customer_id for mail in shop.mailer.sent} == set(IDS[1:3])


def test_it_stops_in_time_and_says_that_there_is_more() -> None:
    shop = a_shop_of(IDS[: LARGEST_PAGE + 5])
    shop.seams.at_next("send_all", Phase.AFTER, lambda: shop.clock.advance(seconds=30))

    swept = shop.sweep(CAMPAIGN, 0, stop_at=NOW + timedelta(seconds=25))

    assert swept == swept_as(sent=LARGEST_PAGE, more=True)
    assert len(shop.mails) == LARGEST_PAGE


def test_without_any_time_left_it_begins_nothing() -> None:
    shop = a_shop_of(IDS[:5])

    assert shop.sweep(CAMPAIGN, 0, stop_at=NOW) == swept_as(more=True)


def test_one_by_one_it_stops_in_time_too() -> None:
    shop = a_shop_of(IDS[:5])
    spoil(shop, IDS[:5])
    shop.seams.at_next("pinned", Phase.BEFORE, lambda: shop.clock.advance(minutes=20))

    swept = shop.sweep(CAMPAIGN, 0)

    assert swept == swept_as(more=True)
    assert shop.failures == []


def test_a_verdict_that_got_old_is_not_acted_upon() -> None:
    shop = a_shop_of(IDS[:30])
    shop.rate_limiter.account.current = Limits(rate=1, quota=None, sent=0)
    shop.seams.at_next("send_all", Phase.AFTER, lambda: shop.clock.advance(minutes=2))

    swept = shop.sweep(CAMPAIGN, 0)

    assert swept == swept_as(sent=30)
    assert len(set(shop.mails_to)) == len(shop.mails) == 30
    ages = [page.at for page in shop.table.pages.values()]
    assert max(ages) - min(ages) >= timedelta(minutes=2)


def test_enrollments_that_cannot_be_moved_do_not_hold_up_the_others() -> None:
    shop = a_shop_of(IDS[:150])
    bad = IDS[0:150:2]
    spoil(shop, bad)

    swept = shop.sweep(CAMPAIGN, 0)

    assert swept == swept_as(sent=75, stuck=75, errors={"UnknownCampaignError": 75})
    assert [who.customer_id for who, _ in shop.failures if who] == sorted(bad)
    assert len(shop.mails) == 75


def test_whole_pages_of_enrollments_that_cannot_be_moved_do_not_hide_those_behind_them() -> None:
    shop = a_shop_of(IDS[:180])
    in_order = sorted(IDS[:180])
    spoil(shop, [each for number, each in enumerate(in_order[:160]) if number % 10])

    swept = shop.sweep(CAMPAIGN, 0)

    assert swept == swept_as(sent=16 + 20, stuck=144, errors={"UnknownCampaignError": 144})


def test_when_everything_fails_it_stops_before_all_is_spoilt() -> None:
    shop = a_shop_of(IDS[:200])
    shop.bulk_mailer.lost_answers = 100

    with pytest.raises(SendUnclearError):
        shop.sweep(CAMPAIGN, 0)

    claimed = [row for row in shop.table.enrollments.values() if row.sends]
    assert len(claimed) == MOST_TROUBLE_IN_A_ROW * LARGEST_PAGE


def fail_for_ever(shop: Shop) -> None:
    def fail() -> None:
        shop.seams.at_next("rules", Phase.BEFORE, fail)
        raise TimeoutError

    shop.seams.at_next("rules", Phase.BEFORE, fail)


def test_when_one_after_another_fails_it_stops_before_all_is_spoilt() -> None:
    shop = a_shop_of(IDS[:120])
    fail_for_ever(shop)

    with pytest.raises(TimeoutError):
        shop.sweep(CAMPAIGN, 0)

    of_a_page = 1
    assert len(shop.failures) == MOST_TROUBLE_IN_A_ROW * (of_a_page + MOST_FAILURES_IN_A_ROW)
    # The sweep did not reach the others, so they are not counted as due.
    assert report_of(shop).counts == swept_as(stuck=MOST_TROUBLE_IN_A_ROW * MOST_FAILURES_IN_A_ROW).counts


def test_when_one_page_is_all_there_is_it_is_tried_twice() -> None:
    shop = a_shop_of(IDS[:LARGEST_PAGE])
    fail_for_ever(shop)

    with pytest.raises(TimeoutError):
        shop.sweep(CAMPAIGN, 0)

    assert report_of(shop).counts == swept_as(stuck=MOST_TROUBLE_IN_A_ROW * MOST_FAILURES_IN_A_ROW).counts


def test_ten_in_a_row_that_fail_for_any_reason_do_not_block_the_pages_behind_them() -> None:
    shop = a_shop_of(IDS[: 2 * LARGEST_PAGE])
    bad = sorted(IDS[: 2 * LARGEST_PAGE])[:MOST_FAILURES_IN_A_ROW]

    class Stumbling:
        """Ends in an error that does not name its cause."""

        def __call__(self, enrollment_id: EnrollmentId) -> Look:
            if enrollment_id.customer_id in bad:
                raise TimeoutError
            return shop.sweep_page.advance(enrollment_id)

    def fail() -> None:
        raise TimeoutError

    shop.seams.at_next("read_all", Phase.BEFORE, fail)
    sweep = replace(shop.sweep_page, advance=Stumbling())

    swept = sweep(shop.sweep_call("win-back"), 0, stop_at=NOW + timedelta(minutes=15))

    stuck = len(bad)
    assert swept == swept_as(sent=2 * LARGEST_PAGE - stuck, stuck=stuck, errors={"TimeoutError": stuck})
    assert len(set(shop.mails_to)) == len(shop.mails)


def test_any_number_that_only_has_itself_to_blame_is_passed_by() -> None:
    shop = a_shop_of(IDS[:120])
    spoil(shop, sorted(IDS[:120])[:100])

    assert shop.sweep(CAMPAIGN, 0) == swept_as(sent=20, stuck=100, errors={"UnknownCampaignError": 100})


def test_a_failure_says_what_it_was() -> None:
    shop = a_shop_of(IDS[:1])
    spoil(shop, IDS[:1])

    shop.sweep(CAMPAIGN, 0)

    ((_, error),) = shop.failures
    assert isinstance(error, UnknownCampaignError)


def test_a_page_that_fails_as_a_whole_is_worked_through_one_by_one() -> None:
    shop = a_shop_of(IDS[:5])

    def fail() -> None:
        raise ValueError("a row that nobody can read")

    shop.seams.at_next("read_all", Phase.BEFORE, fail)

    assert shop.sweep(CAMPAIGN, 0) == swept_as(sent=5)
    assert len(shop.mails) == 5
    assert [(who, type(error)) for who, error in shop.failures] == [(None, ValueError)]


def test_an_index_that_lags_behind_makes_it_neither_loop_nor_send_twice() -> None:
    ids = IDS[: LOOK_AHEAD + 10]
    shop = a_shop_of(ids)
    listed = shop.table.due("win-back", 0, NOW, 1000)
    asked: list[int] = []

    class Lagging:
        """Its index goes on returning what was due when the test began."""

        def due(self, campaign: str, shard: int, now: datetime, limit: int) -> tuple[EnrollmentId, ...]:
            del campaign, shard, now
            asked.append(limit)
            return listed[:limit]

    sweep = replace(shop.sweep_page, enrollments=Lagging())

    call = SweepCall(NOW, "call-1", "win-back")
    assert sweep(call, 0, stop_at=NOW + timedelta(minutes=15)) == swept_as(sent=len(ids))
    assert len(shop.mails) == len(ids)
    assert len(asked) < 10


def test_enrollments_that_are_gone_since_the_index_was_read_are_no_failure() -> None:
    shop = a_shop_of(IDS[:3])
    gone = EnrollmentId(IDS[0], "win-back", IDS[0])
    shop.seams.at_next("read_all", Phase.BEFORE, lambda: shop.table.enrollments.pop(gone))

    assert shop.sweep(CAMPAIGN, 0) == swept_as(sent=2, moved_on=1)
    assert shop.failures == []


def test_a_call_that_crashed_is_silent_and_the_sweep_says_so() -> None:
    shop = a_shop_of(IDS[:5])
    shop.seams.at_next("send_all", Phase.AFTER, crash)

    with pytest.raises(CrashError):
        shop.sweep(CAMPAIGN, 0)
    shop.sweep(CAMPAIGN, 0)

    assert report_of(shop) == SweepReport(NOW, "win-back", swept_as().counts, calls=2, silent_calls=1)
    assert not report_of(shop).adds_up


def test_a_call_that_gave_up_says_what_it_had_done() -> None:
    shop = a_shop_of(IDS[:200])
    shop.bulk_mailer.lost_answers = 100

    with pytest.raises(SendUnclearError):
        shop.sweep(CAMPAIGN, 0)

    counts = swept_as(in_doubt=MOST_TROUBLE_IN_A_ROW * LARGEST_PAGE).counts
    assert report_of(shop) == SweepReport(NOW, "win-back", counts, calls=1, silent_calls=0)


def report_of(shop: Shop) -> SweepReport:
    (report,) = shop.sweep_log.reports(NOW)
    return report
