"""A claim whose outcome nobody learned: left alone for a grace, then decided by the message's class."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from builders import NOW, a_campaign
from outreach.domain.campaign import Campaign, MessageClass
from outreach.domain.enrollment import EnrollmentId, HoldReason
from outreach.domain.sends import SendStatus
from outreach.usecases.advance_enrollment import Over, Waits
from outreach.usecases.settle_claim import GRACE
from usecases.seams import CrashError, Phase, crash
from usecases.shop import Shop
from usecases.steps import send, send_if

MARKETING = a_campaign(steps=(send("welcome"), send("next", valid_for=timedelta(hours=2))))
TRANSACTIONAL = a_campaign(message_class=MessageClass.TRANSACTIONAL)


def in_doubt(campaign: Campaign, answers: dict[str, object] | None = None) -> tuple[Shop, EnrollmentId]:
    """The message is out, and the process died before it could say so."""
    shop = Shop(campaign, answers=answers)
    ana = shop.enroll(campaign)
    shop.seams.at_next("send", Phase.AFTER, crash)
    with pytest.raises(CrashError):
        shop.advance(ana)
    return shop, ana


@pytest.mark.parametrize("campaign", [MARKETING, TRANSACTIONAL], ids=["marketing", "transactional"])
def test_within_the_grace_nobody_touches_it_for_its_owner_may_still_be_at_work(campaign: Campaign) -> None:
    shop, ana = in_doubt(campaign)

    shop.clock.advance(minutes=1)

    assert shop.advance(ana) == shop.advance(ana) == Waits(NOW + GRACE)
    assert shop.mails == ["welcome"]
    assert shop.row(ana).holds == {HoldReason.PACE: 1}


def test_marketing_is_not_sent_again_and_is_shown_as_unknown() -> None:
    shop, ana = in_doubt(MARKETING)

    shop.carry(ana)

    assert shop.mails == ["welcome"]
    unknown = shop.row(ana).sends["welcome"]
    assert (unknown.status, unknown.reason) == (SendStatus.UNKNOWN, "no_record")


def test_a_transactional_message_is_sent_once_more_as_soon_as_the_grace_is_over() -> None:
    shop, ana = in_doubt(TRANSACTIONAL)
    shop.advance(ana)
    shop.clock.set(NOW + GRACE)

    assert isinstance(shop.advance(ana), Over)

    assert shop.mails == ["welcome", "welcome"]
    assert shop.row(ana).sends["welcome"].status is SendStatus.SENT


def test_a_transactional_message_in_doubt_twice_is_not_sent_a_third_time() -> None:
    shop, ana = in_doubt(TRANSACTIONAL)
    shop.seams.at_next("send", Phase.AFTER, crash)

    shop.carry(ana)

    assert shop.mails == ["welcome", "welcome"]
    assert shop.row(ana).sends["welcome"].status is SendStatus.UNKNOWN


@pytest.mark.parametrize("campaign", [MARKETING, TRANSACTIONAL], ids=["marketing", "transactional"])
def test_feedback_that_comes_meanwhile_settles_it(campaign: Campaign) -> None:
    shop, ana = in_doubt(campaign)
    shop.table.report(shop.row(ana).send_id("welcome"), SendStatus.DELIVERED, NOW, message_id="ses-1")

    shop.advance(ana)

    assert shop.mails == ["welcome"]
    assert shop.row(ana).sends["welcome"].status is SendStatus.DELIVERED
    assert shop.row(ana).step != "welcome"


def test_a_condition_that_has_turned_false_does_not_make_a_claimed_message_a_skipped_one() -> None:
    campaign = a_campaign(steps=(send_if("is_new", "welcome"),))
    shop, ana = in_doubt(campaign, {"is_new": True})

    shop.expressions.answers["is_new"] = False
    shop.carry(ana)

    assert shop.row(ana).sends["welcome"].status is SendStatus.UNKNOWN
    assert shop.row(ana).skips == {}


def test_consent_withdrawn_meanwhile_does_not_hide_that_it_may_have_gone() -> None:
    shop, ana = in_doubt(MARKETING)

    shop.change(marketing=False)
    shop.carry(ana)

    assert shop.row(ana).sends["welcome"].status is SendStatus.UNKNOWN
    assert list(shop.row(ana).skips) == ["next"]


@pytest.mark.parametrize("answer_lost", [TimeoutError, ConnectionResetError])
def test_an_answer_of_the_mailer_that_was_lost_leaves_the_same_doubt(
    answer_lost: Callable[[], Exception],
) -> None:
    shop = Shop(MARKETING)
    ana = shop.enroll(MARKETING)
    shop.mailer.refuse_next(answer_lost())

    with pytest.raises(OSError):  # noqa: PT011 - both are, and their words are the system's
        shop.advance(ana)

    assert shop.row(ana).sends["welcome"].status is SendStatus.CLAIMED
    shop.carry(ana)
    assert shop.mails == []
    assert shop.row(ana).sends["welcome"].status is SendStatus.UNKNOWN
