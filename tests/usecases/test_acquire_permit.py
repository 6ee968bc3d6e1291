"""Every message waits for its permit: briefly by sleeping, longer by being held."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NOW, a_campaign, a_customer
from fakes import PLENTY
from outreach.domain.errors import SendThrottledError
from outreach.domain.journeys.campaign import Campaign, MessageClass
from outreach.domain.journeys.enrollment import HoldReason, SkipReason
from outreach.domain.journeys.progress import Waits
from outreach.domain.sending.account_limits import LimitsUnknownError
from usecases.seams import Phase
from usecases.shop import Shop
from usecases.steps import send

SLOW = replace(PLENTY, rate=1, quota=200, sandbox=True)
ORDERS = a_campaign("orders", message_class=MessageClass.TRANSACTIONAL)


def a_slow_shop(*campaigns: Campaign) -> Shop:
    shop = Shop(*campaigns)
    shop.rate_limiter.account.current = SLOW
    return shop


def test_a_permit_that_is_near_is_slept_for() -> None:
    campaign = a_campaign()
    shop = a_slow_shop(campaign)
    first, second = (shop.enroll(campaign, a_customer(name)) for name in ("c-1", "c-2"))

    shop.advance(first)
    shop.advance(second)

    assert shop.mails == ["welcome", "welcome"]
    assert timedelta(seconds=1) <= shop.clock.now() - NOW < timedelta(seconds=1.1)


def test_a_permit_that_is_far_off_holds_the_message_until_then() -> None:
    campaign = a_campaign()
    shop = a_slow_shop(campaign)
    for _ in range(4):  # all the permits of the next two seconds, and one time to come back at
        shop.rate_limiter.take(1, marketing=True, now=NOW)
    ana = shop.enroll(campaign)

    progress = shop.advance(ana)

    assert isinstance(progress, Waits)
    assert NOW + timedelta(seconds=3) < progress.until < NOW + timedelta(seconds=5)
    row = shop.row(ana)
    assert (row.hold, row.due_at, row.holds, row.sends) == (HoldReason.PACE, progress.until, {"pace": 1}, {})
    shop.carry(ana)
    assert shop.mails == ["welcome"]


def test_a_spent_quota_holds_marketing_and_lets_transactional_mail_go() -> None:
    news = a_campaign()
    shop = a_slow_shop(news, ORDERS)
    shop.rate_limiter.account.current = replace(SLOW, sent=190)
    ana, order = shop.enroll(news), shop.enroll(ORDERS)

    assert shop.advance(ana) == Waits(NOW + timedelta(minutes=15))
    shop.carry(order)

    assert (shop.row(ana).hold, shop.row(ana).sends) == (HoldReason.QUOTA, {})
    assert [mail.send_id.campaign for mail in shop.mailer.sent] == ["orders"]
    shop.rate_limiter.account.current = replace(SLOW, sent=120)
    shop.carry(ana)
    assert [mail.send_id.campaign for mail in shop.mailer.sent] == ["orders", "onboarding"]


def test_a_message_that_would_be_too_late_at_its_permit_is_skipped_when_it_is() -> None:
    campaign = a_campaign(steps=(replace(send("welcome"), valid_for=timedelta(minutes=10)),))
    shop = a_slow_shop(campaign)
    shop.rate_limiter.account.current = replace(SLOW, sent=200)
    ana = shop.enroll(campaign)

    assert shop.advance(ana) == Waits(NOW + timedelta(minutes=10))
    shop.carry(ana)

    assert shop.row(ana).skips["welcome"].reason is SkipReason.EXPIRED
    assert shop.clock.now() == NOW + timedelta(minutes=10)


def test_a_customer_who_leaves_while_the_message_waits_for_its_permit_gets_none() -> None:
    campaign = a_campaign()
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.seams.at_next("sleep", Phase.BEFORE, lambda: shop.change(marketing=False))

    shop.carry(ana)

    assert shop.mails == []
    assert shop.row(ana).skips["welcome"].reason is SkipReason.NOT_SUBSCRIBED


def test_a_message_that_cannot_be_rendered_takes_no_permit() -> None:
    campaign = a_campaign()
    shop = a_slow_shop(campaign)
    shop.renderer.broken.add("welcome")

    shop.carry(shop.enroll(campaign))

    assert shop.rate_limiter.account.asked == 0


def test_a_marketing_message_that_was_refused_for_the_rate_slows_all_senders() -> None:
    campaign = a_campaign()
    shop = Shop(campaign)
    shop.mailer.refuse_next(SendThrottledError("rate"))

    shop.advance(shop.enroll(campaign))

    assert shop.rate_limiter.pace.status(NOW).rate == pytest.approx(0.97 * 500)


def test_a_transactional_message_slows_all_senders_only_when_it_is_refused_again() -> None:
    shop = Shop(ORDERS)
    order = shop.enroll(ORDERS)
    shop.mailer.refuse_next(SendThrottledError("rate"), SendThrottledError("rate"))

    assert shop.advance(order) == Waits(NOW + timedelta(seconds=5))
    assert shop.rate_limiter.pace.throttle.at(NOW) == 1
    shop.clock.advance(seconds=5)
    shop.advance(order)

    assert shop.rate_limiter.pace.throttle.at(shop.clock.now()) == 0.5
    shop.clock.advance(seconds=5)
    shop.carry(order)
    assert shop.mails == ["welcome"]


def test_a_refusal_for_the_quota_stops_all_senders() -> None:
    shop = Shop(ORDERS)
    shop.rate_limiter.account.current = replace(SLOW, sent=10)
    order = shop.enroll(ORDERS)
    shop.mailer.refuse_next(SendThrottledError("daily_quota"))

    shop.advance(order)

    assert shop.rate_limiter.pace.status(NOW).left == 0


def test_a_refusal_is_on_record_before_the_rate_limiter_gets_it() -> None:
    campaign = a_campaign()
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.mailer.refuse_next(SendThrottledError("rate"))
    held: list[object] = []
    shop.seams.at_next("slow_down", Phase.BEFORE, lambda: held.append(shop.row(ana).hold))

    shop.carry(ana)

    assert held == [HoldReason.PACE]
    assert shop.mails == ["welcome"]


def test_nothing_is_sent_or_claimed_while_the_limits_are_unknown() -> None:
    campaign = a_campaign()
    shop = Shop(campaign)
    shop.rate_limiter.account.current = None
    ana = shop.enroll(campaign)

    with pytest.raises(LimitsUnknownError):
        shop.advance(ana)

    assert (shop.mails, shop.row(ana).sends) == ([], {})
