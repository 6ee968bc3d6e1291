"""Wakes of swept campaigns: what makes a row due arms one, and no race leaves a row behind."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from builders import NOW, a_campaign, a_customer, an_event
from fakes import PLENTY
from outreach.domain.errors import SendUnclearError
from outreach.domain.journeys.campaign import Campaign, Driver, Reentry
from outreach.domain.journeys.enrollment import EnrollmentId, EnrollmentStatus, HoldReason
from outreach.domain.journeys.hash_share import shard_of
from outreach.domain.sending.gate import PAUSE_RECHECK, Rules
from outreach.domain.sending.page import LARGEST_PAGE
from outreach.domain.sweeps.wake import HORIZON, STUCK_RETRY
from outreach.usecases.sweeps.arm_due_shards import Armed
from outreach.usecases.sweeps.sweep_under_lease import Next
from some import some
from usecases.seams import CrashError, Phase, crash
from usecases.shop import SHARDS, Shop
from usecases.steps import send, wait, wait_for

MINUTE = timedelta(minutes=1)
LETTER = a_campaign("letter", driver=Driver.SWEEP, steps=(send("letter"),))
LATER = a_campaign("later", driver=Driver.SWEEP, steps=(wait(hours=2), send("letter")))
IDS = [f"c-{number}" for number in range(400) if shard_of(f"c-{number}", SHARDS) == 0]
"""Customers of shard 0."""


def a_shop_of(*ids: str, campaign: Campaign = LETTER) -> Shop:
    shop = Shop(campaign)
    for customer_id in ids:
        shop.enroll(campaign, a_customer(customer_id), key=customer_id)
    return shop


def signs_up(shop: Shop, customer_id: str = "c-0", **fields: object) -> None:
    if customer_id not in shop.table.customers:
        shop.table.know(a_customer(customer_id, email=f"{customer_id}@example.com"))
    shop.take_in(an_event(customer_id=customer_id, occurred_at=shop.clock.now(), **fields))


def wakes(shop: Shop) -> list[tuple[str, int, datetime]]:
    return sorted(shop.timer.armed)


def only_wake(shop: Shop) -> datetime:
    ((_, _, minute),) = shop.timer.armed
    return minute


# --- who arms


def test_intake_arms_the_wake_of_what_it_left_due() -> None:
    shop = Shop(LETTER)

    signs_up(shop)

    assert wakes(shop) == [("letter", shard_of("c-0", SHARDS), NOW + MINUTE)]
    shop.wake_until(NOW + MINUTE)
    assert shop.mails == ["letter"]


def test_intake_arms_nothing_beyond_the_horizon_and_for_what_an_execution_carries() -> None:
    far = a_campaign("far", driver=Driver.SWEEP, steps=(wait(days=2), send("letter")))
    shop = Shop(far, a_campaign("journey"))

    signs_up(shop)

    assert len(shop.table.enrollments) == 2
    assert wakes(shop) == []


def test_a_wait_that_an_event_moves_forward_is_armed_for_its_new_time() -> None:
    campaign = a_campaign("letter", driver=Driver.SWEEP, steps=(wait_for("b.came", days=30), send("answer")))
    shop = Shop(campaign)
    signs_up(shop)
    assert wakes(shop) == []
    shop.clock.advance(hours=1)

    shop.take_in(an_event("b.came", id="evt-2", customer_id="c-0", occurred_at=shop.clock.now()))

    assert only_wake(shop) == NOW + timedelta(hours=1) + MINUTE
    shop.wake_until(shop.clock.now() + MINUTE)
    assert shop.mails == ["answer"]


@pytest.mark.parametrize("call", ["store", "of_customer", "wake_at"])
@pytest.mark.parametrize("phase", Phase)
def test_an_event_whose_intake_crashed_anywhere_is_armed_when_it_comes_again(call: str, phase: Phase) -> None:
    shop = Shop(LETTER)
    shop.table.know(a_customer("c-0"))
    shop.seams.at_next(call, phase, crash)
    with pytest.raises(CrashError):
        signs_up(shop)
    assert not shop.seams.is_pending
    shop.clock.advance(minutes=6)

    signs_up(shop)

    shop.wake_until(shop.clock.now() + MINUTE)
    assert shop.mails == ["letter"]


def test_a_call_arms_what_it_wrote_itself_though_the_index_does_not_show_it_yet() -> None:
    shop = a_shop_of("c-0", campaign=replace(LETTER, steps=(send("letter"), wait(minutes=30), send("more"))))
    shop.sweep_under_lease = replace(
        shop.sweep_under_lease, sweep=replace(shop.sweep_under_lease.sweep, shards=Blind())
    )

    shop.visit("letter", shard_of("c-0", SHARDS), owner="a wake")

    assert only_wake(shop) == NOW + timedelta(minutes=30)


class Blind:
    """An index that shows nothing of what comes."""

    def first_due(self, campaign: str) -> dict[int, datetime]:
        del campaign
        return {}

    def next_due(self, campaign: str, shard: int, after: datetime) -> None:
        del campaign, shard, after


def test_a_call_arms_what_others_wrote() -> None:
    shop = a_shop_of(IDS[0])
    row = shop.row(shop.enroll(LETTER, a_customer(IDS[1]), key=IDS[1]))
    shop.table.save(row.held(HoldReason.WINDOW, NOW + timedelta(hours=3)))

    assert shop.wake("letter", 0, NOW) == [Next.OVER]

    assert wakes(shop) == [("letter", 0, NOW + timedelta(hours=3))]


def test_a_call_arms_nothing_when_nothing_comes() -> None:
    shop = a_shop_of(IDS[0])

    assert shop.wake("letter", 0, NOW) == [Next.OVER]

    assert (shop.mails, wakes(shop)) == (["letter"], [])


def test_the_net_arms_every_shard_where_something_is_due_soon() -> None:
    shop = Shop(LETTER)
    for customer_id, due_in in (("c-0", HORIZON), ("c-1", HORIZON + MINUTE)):
        row = shop.row(shop.enroll(LETTER, a_customer(customer_id), key=customer_id))
        shop.table.save(row.held(HoldReason.WINDOW, NOW + due_in))
    assert shard_of("c-0", SHARDS) != shard_of("c-1", SHARDS)

    assert shop.arm_due_shards() == Armed(wakes=1, caught=0)

    assert only_wake(shop) == NOW + HORIZON


def test_the_net_counts_what_no_wake_reached() -> None:
    shop = a_shop_of(IDS[0])
    shop.clock.advance(minutes=5)
    assert shop.arm_due_shards() == Armed(wakes=1, caught=0)
    shop.clock.advance(seconds=1)

    assert shop.arm_due_shards() == Armed(wakes=1, caught=1)
    assert shop.arm_due_shards("another") == Armed()


def test_the_net_counts_neither_what_is_held_nor_what_is_swept_just_now() -> None:
    shop = a_shop_of(IDS[0])
    shop.state_store.current = Rules(all_paused=True)
    shop.wake("letter", 0, NOW)
    shop.clock.advance(minutes=30)
    assert shop.arm_due_shards().caught == 0
    shop.lease.acquire("letter", 0, owner="a long sweep", now=shop.clock.now())
    shop.clock.advance(minutes=15)

    assert shop.arm_due_shards().caught == 0


# --- what holds everyone


@pytest.mark.parametrize(
    ("holds", "until"),
    [
        (lambda shop: setattr(shop.state_store, "current", Rules(all_paused=True)), PAUSE_RECHECK),
        (
            lambda shop: setattr(shop.rate_limiter.account, "current", replace(PLENTY, quota=10, sent=10)),
            timedelta(minutes=15),
        ),
        (
            lambda shop: setattr(shop.state_store, "current", Rules(is_restoring=True)),
            timedelta(minutes=10),
        ),
    ],
    ids=["pause", "quota", "restore"],
)
def test_what_holds_everyone_is_looked_at_again_by_one_wake(
    holds: Callable[[Shop], object], until: timedelta
) -> None:
    shop = a_shop_of(*IDS[:120])
    holds(shop)
    before = dict(shop.table.enrollments)

    assert shop.wake("letter", 0, NOW) == [Next.OVER]

    assert wakes(shop) == [("letter", 0, NOW + until)]
    assert shop.table.enrollments == before
    shop.state_store.current = Rules()
    shop.rate_limiter.account.current = PLENTY
    shop.wake_until(NOW + until)
    assert len(shop.mails) == 120


def test_a_message_that_is_held_alone_ends_the_sweep_for_those_behind_it() -> None:
    shop = a_shop_of(*IDS[:3])
    shop.table.know(replace(shop.table.customer(min(IDS[:3])), shares_address=True))
    shop.state_store.current = Rules(marketing_paused=True)

    (said,) = shop.wake("letter", 0, NOW)

    assert said is Next.OVER
    assert only_wake(shop) == NOW + PAUSE_RECHECK


# --- one sweeper


def test_a_wake_that_finds_the_shard_swept_ends_and_has_it_swept_once_more() -> None:
    shop = a_shop_of(*IDS[:10])
    late = IDS[10]
    said: list[list[Next]] = []

    def another_comes() -> None:
        shop.enroll(LETTER, a_customer(late), key=late)
        said.append(shop.rival_wake("letter", 0))

    shop.seams.at_next("end", Phase.AFTER, another_comes)

    assert shop.wake("letter", 0, NOW) == [Next.AGAIN, Next.OVER]

    assert said == [[Next.OVER]]
    assert len(shop.mails) == 11
    assert shop.bulk_mailer.calls == [10, 1]


def test_of_many_wakes_during_a_sweep_none_sweeps_beside_it() -> None:
    shop = a_shop_of(*IDS[: 3 * LARGEST_PAGE])
    others: list[list[Next]] = []
    for _ in range(3):
        shop.seams.at_next("send_all", Phase.BEFORE, lambda: others.append(shop.rival_wake("letter", 0)))

    said = shop.wake("letter", 0, NOW)

    assert (said[0], said[-1], len(others)) == (Next.AGAIN, Next.OVER, 1)
    assert len(set(shop.mails_to)) == len(shop.mails_to) == 3 * LARGEST_PAGE
    assert shop.bulk_mailer.calls == [LARGEST_PAGE] * 3


@pytest.mark.parametrize("phase", Phase)
def test_a_wake_that_crashes_at_any_call_is_tried_again_and_leaves_nothing(phase: Phase) -> None:
    campaign = replace(LETTER, steps=(send("letter"), wait(minutes=30), send("more")))

    def story(number: int | None) -> Shop:
        shop = a_shop_of(*IDS[:3], campaign=campaign)
        if number is not None:
            shop.seams.at(number, phase, crash)
        shop.wake("letter", 0, NOW)
        assert not shop.seams.is_pending
        shop.wake_until(NOW + timedelta(hours=2))
        return shop

    calls = len(story(None).seams.calls)
    first = a_shop_of(*IDS[:3], campaign=campaign)
    first.wake("letter", 0, NOW)
    assert 20 < len(first.seams.calls) < calls
    for number in some(range(len(first.seams.calls))):
        shop = story(number)
        where = f"{phase} call {number}: {first.seams.calls[number]}"
        if shop.table.pages and any(row.is_unresolved for row in shop.table.enrollments.values()):
            shop.sweep_days(2)  # what crashed between a claim and its answer is resolved by the reconciler
        got = [mail for mail in shop.mails_to if mail[1] == "letter"]
        assert sorted(got) == [(each, "letter") for each in sorted(IDS[:3])], where
        assert shop.lease.held == {}, where


def test_a_call_that_fails_releases_the_lease_for_others() -> None:
    shop = a_shop_of(*IDS[:100])
    shop.bulk_mailer.lost_answers = 100

    with pytest.raises(SendUnclearError):
        shop.visit("letter", 0, owner="a wake")

    assert shop.lease.held == {}


# --- races


def test_two_writers_in_one_minute_arm_one_wake() -> None:
    shop = Shop(LETTER)
    for customer_id in IDS[:5]:
        signs_up(shop, customer_id, id=f"evt-{customer_id}")
        shop.clock.advance(seconds=5)

    assert only_wake(shop) == NOW + MINUTE
    shop.wake_until(NOW + MINUTE)
    assert len(shop.mails) == 5


def test_a_wake_armed_for_what_was_never_written_finds_nothing_and_ends() -> None:
    shop = Shop(LETTER)

    assert shop.wake("letter", 0, NOW) == [Next.LOOK_AGAIN, Next.OVER]

    assert wakes(shop) == []


def test_what_moved_to_an_earlier_time_is_armed_for_it_and_its_later_wake_finds_nothing() -> None:
    steps = (wait_for("b.came", hours=5), send("answer"))
    shop = Shop(a_campaign("letter", driver=Driver.SWEEP, steps=steps))
    signs_up(shop)
    shop.take_in(an_event("b.came", id="evt-2", customer_id="c-0", occurred_at=NOW))

    assert [minute for *_, minute in wakes(shop)] == [NOW + MINUTE, NOW + timedelta(hours=5)]
    shop.wake_until(NOW + timedelta(days=1))
    assert shop.mails == ["answer"]


def test_what_moved_to_a_later_time_goes_then_and_its_first_wake_finds_nothing() -> None:
    shop = Shop(replace(LATER, reentry=Reentry.RESTART))
    signs_up(shop)
    shop.clock.advance(hours=1)
    signs_up(shop, id="evt-2")

    shop.wake_until(NOW + timedelta(hours=2, minutes=30))
    assert shop.mails == []
    shop.wake_until(NOW + timedelta(hours=3))
    assert shop.mails == ["letter"]


def test_a_customer_who_left_gets_nothing_from_the_wake_that_was_armed() -> None:
    shop = Shop(replace(LATER, exit_on=("a.left",)))
    signs_up(shop)
    shop.take_in(an_event("a.left", id="evt-2", customer_id="c-0", occurred_at=NOW + MINUTE))

    shop.wake_until(NOW + timedelta(days=1))

    assert shop.mails == []
    (row,) = shop.table.enrollments.values()
    assert row.status is EnrollmentStatus.LEFT


def test_what_the_index_shows_late_goes_with_the_second_look() -> None:
    shop = Shop(LETTER)
    shop.seams.at_next("release", Phase.AFTER, lambda: shop.enroll(LETTER, a_customer(IDS[0]), key=IDS[0]))

    assert shop.wake("letter", 0, NOW) == [Next.LOOK_AGAIN, Next.OVER]

    assert shop.mails == ["letter"]


def test_a_minute_whose_wake_came_and_went_is_armed_for_the_next() -> None:
    shop = Shop(LETTER)
    shop.timer.gone.add(("letter", shard_of("c-0", SHARDS), NOW + MINUTE))

    signs_up(shop)

    assert only_wake(shop) == NOW + 2 * MINUTE


def test_many_who_are_due_at_once_are_one_wake() -> None:
    shop = Shop(LATER)
    for customer_id in IDS[:120]:
        signs_up(shop, customer_id, id=f"evt-{customer_id}")

    assert len(wakes(shop)) == 1
    shop.wake_until(NOW + timedelta(hours=3))
    assert len(set(shop.mails_to)) == len(shop.mails_to) == 120


def test_a_wake_that_cannot_be_armed_fails_the_event_and_is_armed_when_it_comes_again() -> None:
    shop = Shop(LETTER)

    def throttle() -> None:
        raise TimeoutError

    shop.table.know(a_customer("c-0"))
    shop.seams.at_next("wake_at", Phase.BEFORE, throttle)
    with pytest.raises(TimeoutError):
        signs_up(shop)

    signs_up(shop)

    assert only_wake(shop) == NOW + MINUTE


def test_a_row_that_cannot_be_moved_is_tried_again_in_an_hour_and_not_every_minute() -> None:
    shop = a_shop_of(*IDS[:2])
    bad = EnrollmentId(IDS[0], "letter", IDS[0])
    shop.table.enrollments[bad] = replace(shop.row(bad), bundle="lost")

    assert shop.wake("letter", 0, NOW) == [Next.INCOMPLETE]

    assert (shop.mails, only_wake(shop)) == (["letter"], NOW + STUCK_RETRY)
    shop.table.enrollments[bad] = replace(shop.row(bad), bundle=LETTER.version)
    shop.wake_until(NOW + STUCK_RETRY)
    assert shop.mails == ["letter", "letter"]


def test_wakes_that_come_while_a_row_is_stuck_arm_no_looks_of_their_own() -> None:
    shop = a_shop_of(IDS[0])
    bad = EnrollmentId(IDS[0], "letter", IDS[0])
    shop.table.enrollments[bad] = replace(shop.row(bad), bundle="lost")
    for minute in range(0, 50, 7):
        shop.clock.set(NOW + timedelta(minutes=minute))
        shop.wake("letter", 0, shop.clock.now())

    assert only_wake(shop) == NOW + STUCK_RETRY


def test_wakes_that_come_during_a_pause_arm_no_looks_of_their_own() -> None:
    shop = a_shop_of(*IDS[:3])
    shop.state_store.current = Rules(all_paused=True)
    for minute in range(0, 50, 7):
        shop.clock.set(NOW + timedelta(minutes=minute))
        shop.wake("letter", 0, shop.clock.now())

    assert only_wake(shop) == NOW + PAUSE_RECHECK


def test_a_hold_that_ends_sooner_than_the_one_before_is_looked_at_sooner() -> None:
    shop = a_shop_of(*IDS[:3])
    shop.state_store.current = Rules(all_paused=True)
    shop.wake("letter", 0, NOW)
    shop.state_store.current = Rules(is_restoring=True)
    shop.clock.advance(minutes=1)

    shop.wake("letter", 0, shop.clock.now())

    assert [minute for *_, minute in wakes(shop)] == [NOW + timedelta(minutes=11), NOW + PAUSE_RECHECK]


def test_a_sweep_that_has_no_time_left_goes_on_under_the_same_lease() -> None:
    shop = a_shop_of(*IDS[: LARGEST_PAGE + 5])
    shop.seams.at_next("send_all", Phase.AFTER, partial(shop.clock.advance, minutes=16))
    shop.seams.at_next("begin", Phase.AFTER, lambda: shop.rival_wake("letter", 0))

    said = shop.wake("letter", 0, NOW)

    assert (said[0], said[-1]) == (Next.AGAIN, Next.OVER)
    assert len(set(shop.mails_to)) == len(shop.mails_to) == LARGEST_PAGE + 5
