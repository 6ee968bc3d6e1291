"""A page with everything that can be in it, and a crash or a rival at each call that is made for it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from builders import NOW, a_campaign, a_customer, an_event
from outreach.domain.errors import SendImpossibleError, SendThrottledError
from outreach.domain.intake.customer import SuppressionReason
from outreach.domain.journeys.campaign import Campaign, Driver, MessageClass
from outreach.domain.journeys.enrollment import EnrollmentId, LeaveReason
from outreach.domain.journeys.hash_share import shard_of
from outreach.domain.sending.send import SendStatus
from reported import report
from sampling import sampled
from usecases.seams import Phase, crash
from usecases.shop import SHARDS, Shop
from usecases.steps import send, wait

HERE = [f"c-{number}" for number in range(40) if shard_of(f"c-{number}", SHARDS) == 0]
WELL, OTHER, THROTTLED, REJECTED, OUT, RENDERED_ALONE = HERE[:6]
STEPS = (send("letter"), wait(days=2), send("offer"))
MARKETING = a_campaign("letter", driver=Driver.SWEEP, steps=STEPS, exit_on=("a.left",))
TRANSACTIONAL = replace(MARKETING, message_class=MessageClass.TRANSACTIONAL)
BOTH = pytest.mark.parametrize("campaign", [MARKETING, TRANSACTIONAL], ids=["marketing", "transactional"])

type Rival = Callable[[Shop], object]


def row_of(customer_id: str) -> EnrollmentId:
    return EnrollmentId(customer_id, "letter", customer_id)


def story(
    campaign: Campaign,
    happening: Rival = lambda _: None,
    at: tuple[int, Phase] | None = None,
    *,
    feedback: bool = True,
) -> Shop:
    """Five days of sweeps over six customers, three of whom have some problem."""
    shop = Shop(campaign, feedback=feedback)
    for customer_id in HERE[:6]:
        shop.enroll(campaign, a_customer(customer_id), key=customer_id)
    shop.change(OUT, suppression=SuppressionReason.HARD_BOUNCE)
    shop.mailer.refuse(THROTTLED, SendThrottledError("rate"))
    shop.mailer.refuse(REJECTED, SendImpossibleError("MESSAGE_REJECTED"))
    if at is not None:
        shop.seams.at(*at, partial(happening, shop))
    shop.sweep_days(5)
    assert not shop.seams.is_pending
    return shop


def everywhere(campaign: Campaign, happening: Rival, *, feedback: bool = True) -> list[tuple[str, Shop]]:
    calls = story(campaign, feedback=feedback).seams.calls
    points = [(phase, number, call) for phase in Phase for number, call in enumerate(calls)]
    return [
        (f"{phase} call {number}: {call}", story(campaign, happening, (number, phase), feedback=feedback))
        for phase, number, call in sampled(points, f"{happening.__qualname__} {campaign.message_class}")
    ]


def got(shop: Shop, customer_id: str) -> list[str]:
    return [what for who, what in shop.mails_to if who == customer_id]


def check_every_customer(shop: Shop, where: str) -> None:
    for customer_id in (WELL, OTHER, THROTTLED, RENDERED_ALONE):
        assert got(shop, customer_id) == ["letter", "offer"], f"{customer_id}: {where}"
        sends = shop.row(row_of(customer_id)).sends
        assert {each.status for each in sends.values()} == {SendStatus.SENT}, where
    assert got(shop, REJECTED) == ["offer"], where
    rejected = shop.row(row_of(REJECTED)).sends["letter"]
    assert (rejected.status, rejected.reason) == (SendStatus.FAILED, "MESSAGE_REJECTED"), where
    assert got(shop, OUT) == [], where
    assert set(shop.row(row_of(OUT)).skips) == {"letter", "offer"}, where
    assert not any(row.is_active for row in shop.table.enrollments.values()), where


@BOTH
def test_without_a_crash_every_customer_gets_what_they_should(campaign: Campaign) -> None:
    for feedback in (True, False):
        check_every_customer(story(campaign, feedback=feedback), f"feedback {feedback}")


@BOTH
def test_while_feedback_flows_every_customer_gets_it_once_wherever_the_process_crashes(
    campaign: Campaign,
) -> None:
    for where, shop in everywhere(campaign, lambda _: crash()):
        if campaign.is_marketing and "unknown" in statuses(shop):
            check_recorded_as_unknown(shop, where)
            continue
        # One whose refusal was lost with the process is tried again: the service takes it then.
        if got(shop, REJECTED) == ["letter", "offer"]:
            assert "send_all" in where or "close_page" in where, where
            shop.mailer.sent = [mail for mail in shop.mailer.sent if mail.send_id.customer_id != REJECTED]
            continue
        check_every_customer(shop, where)


def statuses(shop: Shop) -> set[str]:
    return {send.status for row in shop.table.enrollments.values() for send in row.sends.values()}


def check_recorded_as_unknown(shop: Shop, where: str) -> None:
    """A call was taken and its answer lost: SES reports the sent messages, and of the others nothing.

    They may have been sent, too, and marketing is rather not sent than sent twice.
    """
    assert "send_all" in where or "close_page" in where, where
    for customer_id in (WELL, OTHER, RENDERED_ALONE):
        assert got(shop, customer_id) == ["letter", "offer"], f"{customer_id}: {where}"
    for customer_id in (THROTTLED, REJECTED):
        assert got(shop, customer_id) == ["offer"], f"{customer_id}: {where}"
        assert shop.row(row_of(customer_id)).sends["letter"].status is SendStatus.UNKNOWN, where


def test_while_feedback_is_silent_marketing_never_comes_twice_and_nothing_is_lost_silently() -> None:
    for where, shop in everywhere(MARKETING, lambda _: crash(), feedback=False):
        assert len(set(shop.mails_to)) == len(shop.mails_to), where
        for row in shop.table.enrollments.values():
            assert not row.is_active, where
            for step in ("letter", "offer"):
                sent = row.sends.get(step)
                told = sent is not None and (sent.status is SendStatus.SENT or sent.reason is not None)
                assert told or step in row.skips, where


@BOTH
def test_of_two_sweeps_of_one_campaign_each_message_is_sent_by_one(campaign: Campaign) -> None:
    def sweep_too(shop: Shop) -> None:
        call, stop_at = shop.sweep_call("letter"), shop.clock.now() + (NOW.replace(hour=10) - NOW)
        shop.rival.sweep_page(call, 0, stop_at=stop_at)

    for where, shop in everywhere(campaign, sweep_too):
        check_every_customer(shop, where)


@BOTH
def test_a_sweep_and_a_journey_that_meet_send_once(campaign: Campaign) -> None:
    def advance_too(shop: Shop) -> None:
        for customer_id in (WELL, THROTTLED):
            shop.rival.advance(row_of(customer_id))

    for where, shop in everywhere(campaign, advance_too):
        for customer_id in (WELL, THROTTLED):
            assert got(shop, customer_id) == ["letter", "offer"], where


def test_a_customer_who_opts_out_gets_nothing_that_was_not_claimed_by_then() -> None:
    claimed: list[bool] = []

    def opt_out(shop: Shop) -> None:
        claimed.append("letter" in shop.row(row_of(WELL)).sends)
        known = shop.table.customer(WELL)
        shop.change(WELL, marketing=False, version=known.version)

    for where, shop in everywhere(MARKETING, opt_out):
        had = claimed.pop(0)
        assert got(shop, WELL) in ([["letter"], ["letter", "offer"]] if had else [[]]), where
        assert got(shop, OTHER) == ["letter", "offer"], where


@BOTH
def test_a_customer_who_leaves_by_an_event_gets_nothing_that_was_not_claimed_by_then(
    campaign: Campaign,
) -> None:
    claimed: list[int] = []

    def leave(shop: Shop) -> None:
        shop.rival.take_in(an_event("a.left", id="evt-2", customer_id=WELL, occurred_at=shop.clock.now()))
        claimed.append(len(shop.row(row_of(WELL)).sends))

    for where, shop in everywhere(campaign, leave):
        row = shop.row(row_of(WELL))
        assert len(got(shop, WELL)) == claimed.pop(0), where
        if row.reason == LeaveReason.EXIT_EVENT:
            assert {each.status for each in row.sends.values()} <= {SendStatus.SENT}, where
        assert got(shop, OTHER) == ["letter", "offer"], where


@BOTH
@pytest.mark.parametrize("happens", ["all report", "one reports"])
def test_reports_that_come_before_the_page_is_closed_change_nothing(campaign: Campaign, happens: str) -> None:
    def some_report(shop: Shop) -> None:
        for mail in shop.mailer.sent[: None if happens == "all report" else 1]:
            report(shop.table, mail.send_id, SendStatus.SENT, shop.clock.now(), message_id="ses")

    for where, shop in everywhere(campaign, some_report):
        check_every_customer(shop, where)
