"""A rival may be faster between any two calls of ports: nothing is sent twice, and leaving counts."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from builders import NOW, a_campaign, a_customer, an_event
from outreach.domain.intake.customer import SuppressionReason
from outreach.domain.journeys.campaign import Campaign, Driver, MessageClass, Reentry
from outreach.domain.journeys.enrollment import EnrollmentId, EnrollmentStatus, LeaveReason
from outreach.domain.journeys.progress import Over, Parks
from outreach.domain.sending.send import SendStatus
from some import some
from usecases.seams import Phase
from usecases.shop import Shop
from usecases.steps import send, wait, wait_for

STEPS = (send("first"), wait(hours=2), send("second"))
CLASSES = [MessageClass.MARKETING, MessageClass.TRANSACTIONAL]
ANA = EnrollmentId("c-ana", "journey", "c-ana")

type Rival = Callable[[Shop], object]


def story(campaign: Campaign, rival: Rival | None = None, at: tuple[int, Phase] | None = None) -> Shop:
    shop = Shop(campaign)
    shop.table.know(a_customer())
    shop.rival.take_in(an_event())
    if rival is not None and at is not None:
        shop.seams.at(*at, partial(rival, shop))
    shop.carry(ANA)
    assert not shop.seams.is_pending
    return shop


def everywhere(campaign: Campaign, rival: Rival) -> list[tuple[str, Shop]]:
    """The story once for every place at which the rival may act."""
    calls = story(campaign).seams.calls
    return [
        (f"{phase} call {number}: {call}", story(campaign, rival, (number, phase)))
        for phase in Phase
        for number, call in enumerate(some(calls))
    ]


@pytest.mark.parametrize("message_class", CLASSES)
def test_of_two_that_advance_the_same_enrollment_one_sends(message_class: MessageClass) -> None:
    campaign = a_campaign("journey", steps=STEPS, message_class=message_class)

    for where, shop in everywhere(campaign, lambda shop: shop.rival.advance(ANA)):
        assert Counter(shop.mails) == Counter(["first", "second"]), where
        assert shop.row(ANA).status is EnrollmentStatus.FINISHED, where
        assert {sent.status for sent in shop.row(ANA).sends.values()} == {SendStatus.SENT}, where


@pytest.mark.parametrize("message_class", CLASSES)
def test_a_customer_who_leaves_gets_nothing_that_was_not_claimed_by_then(message_class: MessageClass) -> None:
    campaign = a_campaign("journey", steps=STEPS, message_class=message_class, exit_on=("a.left",))
    claimed: list[int] = []

    def leave(shop: Shop) -> None:
        shop.rival.take_in(an_event("a.left", id="evt-2", occurred_at=shop.clock.now()))
        claimed.append(len(shop.row(ANA).sends))

    for where, shop in everywhere(campaign, leave):
        row = shop.row(ANA)
        assert len(shop.mails) == len(set(shop.mails)) == claimed.pop(0), where
        assert {sent.status for sent in row.sends.values()} <= {SendStatus.SENT}, where
        if row.status is EnrollmentStatus.LEFT:
            assert row.reason == LeaveReason.EXIT_EVENT, where
            assert row.execution_name in shop.workflows.stopped, where


def test_a_restart_takes_the_old_run_out_of_the_race() -> None:
    campaign = a_campaign("journey", steps=STEPS, reentry=Reentry.RESTART)

    def restart(shop: Shop) -> None:
        shop.clock.advance(seconds=1)
        shop.rival.take_in(an_event(id="evt-2", occurred_at=shop.clock.now()))

    for where, shop in everywhere(campaign, restart):
        row = shop.row(ANA)
        assert row.run == 2, where
        assert row.sends == {}, where
        old = shop.table.runs.get((ANA, 1))
        went = [] if old is None else [step for step, sent in old.sends.items() if sent.message_id]
        assert shop.mails == went, where
        assert shop.advance(ANA, 1) == Over(EnrollmentStatus.LEFT, LeaveReason.RESTARTED), where


def test_an_address_suppressed_at_the_last_instant_gets_nothing() -> None:
    campaign = a_campaign("journey", message_class=MessageClass.TRANSACTIONAL)
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.seams.at_next("claim", Phase.BEFORE, lambda: shop.change(suppression=SuppressionReason.COMPLAINT))

    shop.carry(ana)

    assert shop.mails == []
    assert shop.row(ana).skips["welcome"].reason == "suppressed"


def test_of_two_campaigns_that_both_saw_room_for_one_message_one_sends() -> None:
    onboarding, news = a_campaign(), a_campaign("news")
    shop = Shop(onboarding, news)
    first, second = shop.enroll(onboarding), shop.enroll(news)
    shop.seams.at_next("claim", Phase.BEFORE, partial(shop.rival.advance, second))

    shop.advance(first)

    assert len(shop.mails) == 1
    assert shop.row(first).hold == "cap"


@pytest.mark.parametrize("phase", Phase)
def test_a_swept_enrollment_never_sleeps_through_the_event_it_waits_for(phase: Phase) -> None:
    steps = (wait_for("b.came", days=30), send("answer"))
    campaign = a_campaign("journey", driver=Driver.SWEEP, steps=steps)

    def run(number: int | None) -> Shop:
        shop = Shop(campaign)
        ana = shop.enroll(campaign)
        if number is not None:
            event = an_event("b.came", id="evt-2", occurred_at=NOW + timedelta(seconds=1))
            shop.seams.at(number, phase, partial(shop.rival.take_in, event))
        shop.advance(ana)
        assert not shop.seams.is_pending
        return shop

    calls = run(None).seams.calls
    assert run(None).row(ANA).due_at == NOW + timedelta(days=30)

    for number, call in enumerate(some(calls)):
        shop = run(number)
        if shop.mails:
            continue
        due_at = shop.row(ANA).due_at
        assert due_at is not None, f"{phase} call {number}: {call}"
        assert due_at <= shop.clock.now(), f"{phase} call {number}: {call}"


def test_an_event_that_was_being_taken_in_while_the_wait_began_brings_it_forward() -> None:
    campaign = a_campaign("journey", driver=Driver.SWEEP, steps=(wait_for("b.came", days=30), send("answer")))
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    waiting = []
    # Intake has read the rows; only then does the enrollment enter its wait.
    shop.seams.at_next("store", Phase.BEFORE, lambda: waiting.append(shop.rival.advance(ana)))

    shop.take_in(an_event("b.came", id="evt-2"))

    assert waiting == [Parks("b.came", NOW + timedelta(days=30))]
    assert shop.row(ana).due_at == NOW
