"""What the e-mail service definitely did not take is tried again or fails; it never counts as sent."""

from datetime import timedelta

import pytest

from builders import NOW, a_campaign, an_enrollment
from outreach.domain.errors import (
    SendFalteredError,
    SendImpossibleError,
    SendingPausedError,
    SendThrottledError,
)
from outreach.domain.journeys.campaign import Driver, MessageClass
from outreach.domain.journeys.enrollment import HoldReason
from outreach.domain.journeys.progress import Waits
from outreach.domain.sending.send import MOST_TRIES, SendStatus
from outreach.domain.sending.unresolved_claim import SILENCE
from usecases.shop import Shop
from usecases.steps import send


@pytest.mark.parametrize(
    ("refusal", "pause", "hold"),
    [
        (SendThrottledError("rate"), timedelta(minutes=1), HoldReason.PACE),
        (SendThrottledError("daily_quota"), timedelta(hours=1), HoldReason.QUOTA),
        (SendingPausedError("SendingPausedException"), timedelta(minutes=5), HoldReason.PAUSED),
    ],
)
def test_what_was_refused_for_now_goes_out_a_little_later(
    refusal: Exception, pause: timedelta, hold: HoldReason
) -> None:
    campaign = a_campaign()
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.mailer.refuse_next(refusal)

    assert shop.advance(ana) == Waits(NOW + pause)
    deferred = shop.row(ana)
    assert (deferred.hold, deferred.sends["welcome"].status) == (hold, SendStatus.DEFERRED)
    shop.clock.advance(pause)
    shop.carry(ana)

    assert shop.mails == ["welcome"]
    assert shop.clock.now() == NOW + pause  # its own claim, counted under the cap, did not hold it back
    assert shop.row(ana).sends["welcome"].status is SendStatus.SENT


def test_a_message_that_was_refused_and_then_went_counts_once_under_the_cap() -> None:
    campaign = a_campaign()
    shop = Shop(campaign)
    shop.mailer.refuse_next(SendThrottledError("rate"), SendThrottledError("rate"))

    shop.carry(shop.enroll(campaign))

    assert shop.table.customer("c-ana").mailed_at == (NOW + timedelta(minutes=2),)


def test_a_refused_message_still_yields_to_one_that_went_meanwhile() -> None:
    onboarding, news = a_campaign(), a_campaign("news")
    shop = Shop(onboarding, news)
    first, second = shop.enroll(onboarding), shop.enroll(news)
    shop.mailer.refuse_next(SendThrottledError("rate"))
    shop.advance(first)
    shop.change(mailed_at=(NOW, NOW + timedelta(seconds=30)))

    shop.clock.advance(minutes=1)
    shop.advance(first)

    assert shop.mails == []
    assert shop.row(first).hold is HoldReason.CAP
    assert shop.row(second).sends == {}


def test_a_message_that_will_never_be_taken_has_failed_with_its_reason_and_the_rest_goes_on() -> None:
    campaign = a_campaign(message_class=MessageClass.TRANSACTIONAL, steps=(send("welcome"), send("next")))
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.mailer.refuse_next(SendImpossibleError("MessageRejected"))

    shop.carry(ana)

    assert shop.mails == ["next"]
    failed = shop.row(ana).sends["welcome"]
    assert (failed.status, failed.reason) == (SendStatus.FAILED, "MessageRejected")


@pytest.mark.parametrize("driver", list(Driver))
def test_a_message_that_failed_leaves_its_place_under_the_cap_to_another_campaign(driver: Driver) -> None:
    campaign, news = a_campaign(driver=driver), a_campaign("news")
    shop = Shop(campaign, news)
    shop.enroll(campaign)
    shop.change(mailed_at=(NOW - timedelta(hours=25),))
    shop.mailer.refuse_next(SendImpossibleError("MessageRejected"))

    if driver is Driver.SWEEP:
        for shard in shop.table.shards():
            shop.sweep(campaign, shard)
    else:
        shop.advance(an_enrollment().id)
    shop.clock.advance(minutes=1)
    shop.carry(shop.enroll(news))

    assert shop.mails_to == [("c-ana", "welcome")]
    assert shop.clock.now() < NOW + timedelta(minutes=2)
    assert len(shop.table.customer("c-ana").mailed_at) == 2


def test_a_message_that_never_got_an_answer_leaves_its_place_too() -> None:
    campaign = a_campaign()
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.mailer.refuse_next(*(TimeoutError() for _ in range(MOST_TRIES)))

    shop.carry(ana)

    assert shop.row(ana).sends["welcome"].status is SendStatus.FAILED
    assert shop.table.customer("c-ana").mailed_at == ()


def test_a_message_that_cannot_be_rendered_has_failed_and_the_rest_goes_on_at_once() -> None:
    campaign = a_campaign(steps=(send("welcome"), send("next")))
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.renderer.broken.add("welcome")

    shop.carry(ana)

    failed = shop.row(ana).sends["welcome"]
    assert (failed.status, failed.reason) == (SendStatus.FAILED, "render_failed")
    assert shop.mails == ["next"]
    assert shop.clock.now() == NOW  # nothing was sent, so nothing counts under the cap


@pytest.mark.parametrize(
    ("message_class", "hours"), [(MessageClass.MARKETING, (4, 5)), (MessageClass.TRANSACTIONAL, (0.3, 0.4))]
)
def test_a_message_that_the_service_falters_at_has_failed_after_five_tries_ever_further_apart(
    message_class: MessageClass, hours: tuple[float, float]
) -> None:
    campaign = a_campaign(message_class=message_class)
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.mailer.refuse_next(*(SendFalteredError("TRANSIENT_FAILURE") for _ in range(MOST_TRIES)))

    shop.carry(ana)

    failed = shop.row(ana).sends["welcome"]
    assert (failed.status, failed.reason, failed.tries) == (SendStatus.FAILED, "TRANSIENT_FAILURE", 5)
    assert hours[0] < (shop.clock.now() - NOW) / timedelta(hours=1) < hours[1]


def test_what_held_for_all_messages_uses_up_no_tries() -> None:
    campaign = a_campaign()
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    for refusal in (
        SendThrottledError("rate"),
        SendThrottledError("daily_quota"),
        SendingPausedError("paused"),
    ):
        shop.mailer.refuse_next(*(refusal for _ in range(MOST_TRIES)))
    shop.mailer.refuse_next(*(SendFalteredError("FAILED") for _ in range(MOST_TRIES - 1)))

    shop.carry(ana)

    assert shop.mails == ["welcome"]
    assert shop.row(ana).sends["welcome"].status is SendStatus.SENT


def test_refusals_do_not_use_up_the_second_try_of_a_transactional_message() -> None:
    campaign = a_campaign(message_class=MessageClass.TRANSACTIONAL)
    shop = Shop(campaign, feedback=False)
    ana = shop.enroll(campaign)
    shop.mailer.refuse_next(SendThrottledError("rate"), SendThrottledError("rate"), TimeoutError())

    shop.carry(ana)

    assert shop.mails == ["welcome"]
    assert shop.row(ana).sends["welcome"].status is SendStatus.SENT
    assert shop.clock.now() == NOW + 2 * timedelta(seconds=5) + SILENCE
