"""When the e-mail service refuses everything: one message at a time tries, the others wait."""

from collections import Counter
from datetime import timedelta

import pytest

from builders import NOW, a_campaign, a_customer
from fakes import PLENTY
from outreach.domain.errors import SendImpossibleError, SendingPausedError, SendRefusedError
from outreach.domain.journeys.campaign import Driver, MessageClass
from outreach.domain.journeys.enrollment import EnrollmentId, HoldReason
from outreach.domain.journeys.progress import Waits
from outreach.domain.sending.gate import PAUSE_RECHECK, Hold, Rules
from outreach.domain.sending.outage import FIRST_RETRY, TRY_TAKES
from outreach.domain.sending.send import SendStatus
from usecases.seams import CrashError, Phase, crash
from usecases.shop import Shop
from usecases.steps import send, wait

ORDERS = a_campaign("orders", message_class=MessageClass.TRANSACTIONAL)
LETTER = a_campaign("letter", driver=Driver.SWEEP, steps=(send("letter"), wait(days=14)))
IDS = [f"c-{number}" for number in range(12)]
SUSPENDED = SendingPausedError("AccountSuspendedException")
RETRY = NOW + FIRST_RETRY


def a_shop_that_is_suspended(refusals: int = 10_000) -> Shop:
    shop = Shop(ORDERS, LETTER)
    shop.mailer.refuse_next(*(SUSPENDED for _ in range(refusals)))
    return shop


def calls(shop: Shop) -> int:
    return shop.seams.calls.count("send") + shop.seams.calls.count("send_all")


def order_of(shop: Shop, customer_id: str) -> EnrollmentId:
    return shop.enroll(ORDERS, a_customer(customer_id), key=customer_id)


def letters_to(shop: Shop, *ids: str) -> list[EnrollmentId]:
    return [shop.enroll(LETTER, a_customer(each), key=each) for each in ids]


def sweep(shop: Shop) -> list[Hold | None]:
    """What holds each shard after it."""
    return [shop.sweep(LETTER, shard).hold for shard in shop.table.shards()]


def test_after_one_refusal_all_others_wait_without_a_claim_or_a_call() -> None:
    shop = a_shop_that_is_suspended()
    first, second = order_of(shop, "c-1"), order_of(shop, "c-2")
    rows = letters_to(shop, *IDS)

    assert shop.advance(first) == Waits(RETRY)
    assert shop.advance(second) == Waits(RETRY + TRY_TAKES)
    assert set(sweep(shop)) == {Hold(RETRY + TRY_TAKES, HoldReason.PAUSED)}

    assert calls(shop) == 1
    assert shop.row(second).sends == {}
    assert shop.row(second).hold is HoldReason.PAUSED
    assert {(shop.row(each).due_at, shop.row(each).version) for each in rows} == {(NOW, 1)}


def test_a_page_that_is_refused_as_a_whole_is_the_only_one() -> None:
    shop = a_shop_that_is_suspended()
    letters_to(shop, *(f"c-{number}" for number in range(200)))

    sweep(shop)

    assert calls(shop) == 1
    assert len(shop.table.pages) == 1


def test_at_its_time_one_message_tries_and_the_others_wait_for_the_result() -> None:
    shop = a_shop_that_is_suspended()
    first, second = order_of(shop, "c-1"), order_of(shop, "c-2")
    shop.advance(first)
    shop.clock.set(RETRY)

    shop.seams.at_next("send", Phase.BEFORE, lambda: shop.rival.advance(second))
    assert shop.advance(first) == Waits(RETRY + 2 * FIRST_RETRY)

    assert shop.row(second).due_at == RETRY + TRY_TAKES
    assert calls(shop) == 2
    assert shop.row(second).sends == {}


def test_of_two_senders_that_want_to_try_at_the_same_instant_one_does() -> None:
    shop = a_shop_that_is_suspended()
    first, second = order_of(shop, "c-1"), order_of(shop, "c-2")
    shop.advance(first)
    shop.clock.set(RETRY)

    shop.seams.at_next("try_alone", Phase.BEFORE, lambda: shop.rival.advance(second))

    assert shop.advance(first) == Waits(RETRY + TRY_TAKES)
    assert shop.row(second).sends["welcome"].status is SendStatus.DEFERRED


def test_a_sweep_tries_with_one_message_and_goes_on_with_the_rest_at_once_when_it_went() -> None:
    shop = a_shop_that_is_suspended(refusals=1)
    order = order_of(shop, "c-other")
    rows = letters_to(shop, *IDS)
    shop.advance(order)
    shop.clock.set(RETRY)

    sweep(shop)

    assert shop.bulk_mailer.calls[0] == 1
    assert len(shop.mails) == len(rows)
    assert shop.state_store.outage is None
    shop.carry(order)
    assert shop.clock.now() < RETRY + timedelta(seconds=1)


def test_a_sweep_whose_one_message_is_refused_holds_the_rest_without_a_call() -> None:
    shop = a_shop_that_is_suspended()
    shop.advance(order_of(shop, "c-other"))
    letters_to(shop, *IDS)
    shop.clock.set(RETRY)

    sweep(shop)

    assert shop.bulk_mailer.calls == [1]
    assert shop.mails == []


def test_in_an_outage_a_sweep_takes_the_permit_of_the_one_that_tries_and_leaves_the_others_free() -> None:
    shop = a_shop_that_is_suspended()
    shop.advance(order_of(shop, "c-other"))
    letters_to(shop, *(f"c-{number}" for number in range(60)))
    shop.clock.set(RETRY)

    shop.sweep(LETTER, 0)

    assert shop.rate_limiter.pace.granted == 1


def test_an_outage_of_days_costs_a_call_an_hour_and_when_it_ends_every_message_is_sent() -> None:
    shop = a_shop_that_is_suspended()
    letters_to(shop, *(f"c-{number}" for number in range(30)))

    shop.sweep_days(5)

    assert shop.state_store.outage is not None
    assert shop.state_store.outage.since == NOW + timedelta(minutes=1)
    assert 100 < calls(shop) < 130
    shop.mailer.refuse_none()
    shop.sweep_days(1)
    assert len(set(shop.mails_to)) == len(shop.mails_to) == 30


def test_a_sender_that_tries_and_crashes_is_followed_by_another_a_minute_later() -> None:
    shop = a_shop_that_is_suspended(refusals=1)
    first, second = order_of(shop, "c-1"), order_of(shop, "c-2")
    shop.advance(first)
    shop.clock.set(RETRY)
    shop.seams.at_next("send", Phase.BEFORE, crash)
    with pytest.raises(CrashError):
        shop.advance(first)

    assert shop.advance(second) == Waits(RETRY + TRY_TAKES)
    shop.clock.set(RETRY + TRY_TAKES)
    shop.carry(second)

    assert shop.mails_to == [("c-2", "welcome")]
    assert shop.state_store.outage is None


@pytest.mark.parametrize("verdict", [None, SendImpossibleError("MessageRejected")])
def test_what_the_service_takes_or_judges_by_itself_ends_it(verdict: SendRefusedError | None) -> None:
    shop = a_shop_that_is_suspended(refusals=1)
    order = order_of(shop, "c-1")
    shop.advance(order)
    shop.clock.set(RETRY)
    if verdict is not None:
        shop.mailer.refuse_next(verdict)

    shop.advance(order)

    assert shop.state_store.outage is None


def test_one_that_is_refused_beside_others_that_went_is_no_outage() -> None:
    shop = Shop(LETTER)
    letters_to(shop, *IDS)
    shop.mailer.refuse("c-5", SUSPENDED)

    sweep(shop)

    assert len(shop.mails) == len(IDS) - 1
    assert shop.state_store.outage is None


def test_what_is_too_late_when_it_ends_is_skipped_in_time() -> None:
    campaign = a_campaign(steps=(send("welcome", valid_for=timedelta(minutes=2)),))
    shop = Shop(campaign, ORDERS)
    shop.mailer.refuse_next(SUSPENDED)
    shop.advance(order_of(shop, "c-1"))

    assert shop.advance(shop.enroll(campaign)) == Waits(NOW + timedelta(minutes=2))


def test_in_the_ordinary_case_the_sending_state_is_only_read_for_its_rules() -> None:
    shop = Shop(ORDERS, LETTER)
    letters_to(shop, *IDS)
    shop.advance(order_of(shop, "c-1"))
    sweep(shop)

    assert not {"try_alone", "remember_refusal", "end_outage"} & set(shop.seams.calls)


@pytest.mark.parametrize(("meanwhile", "went"), [("send_all", [2]), ("take", [])])
def test_a_pause_stops_a_sweep_between_two_calls_of_one_page(meanwhile: str, went: list[int]) -> None:
    shop = Shop(LETTER)
    shop.rate_limiter.account.current = PLENTY.__class__(rate=2, quota=None, sent=0)
    rows = letters_to(shop, *(f"c-{number}" for number in range(40)))
    shop.seams.at_next(
        meanwhile, Phase.AFTER, lambda: setattr(shop.state_store, "current", Rules(marketing_paused=True))
    )

    hold = shop.sweep(LETTER, 0).hold

    assert shop.bulk_mailer.calls == went
    assert hold is not None
    assert (hold.reason, hold.until >= NOW + PAUSE_RECHECK) == (HoldReason.PAUSED, True)
    assert Counter(shop.row(each).due_at for each in rows)[NOW] == len(rows) - sum(went)


def test_a_pause_holds_a_message_that_waited_for_its_permit_when_it_began() -> None:
    shop = Shop(ORDERS)
    order = order_of(shop, "c-1")
    shop.seams.at_next(
        "take", Phase.AFTER, lambda: setattr(shop.state_store, "current", Rules(all_paused=True))
    )

    assert isinstance(shop.advance(order), Waits)

    assert (shop.mails, shop.row(order).sends, shop.row(order).hold) == ([], {}, HoldReason.PAUSED)
