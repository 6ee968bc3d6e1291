"""An operator retries a failed message: it is sent as any message is, once."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from builders import NOW, a_campaign, a_customer
from outreach.domain.errors import ConflictError, ExpressionFailedError, SendImpossibleError
from outreach.domain.journeys.campaign import Campaign, Driver, MessageClass
from outreach.domain.journeys.enrollment import (
    Enrollment,
    EnrollmentId,
    EnrollmentStatus,
    LeaveReason,
    SkipReason,
)
from outreach.domain.operations.send_retries import TooLate, Unsent, Wanted, unsent
from outreach.domain.sending.send import SendStatus
from outreach.ports.operations import Successor
from outreach.usecases.operations.retry_send import RetrySend
from outreach.usecases.sweeps.arm_wakes import ArmWakes
from usecases.seams import CrashError, Phase, crash
from usecases.shop import SHARDS, Shop
from usecases.steps import send, send_if, wait, wait_for

FAILED = Wanted(statuses=frozenset({SendStatus.FAILED}))
STEPS = (send("first"), wait(days=2), send("second"))
SWEPT = a_campaign("journey", driver=Driver.SWEEP, steps=STEPS)
CARRIED = a_campaign("journey", steps=STEPS, message_class=MessageClass.TRANSACTIONAL)
ANA = EnrollmentId("c-ana", "journey", "c-ana")


@dataclass
class Begun:
    """Executions by name."""

    names: list[str] = field(default_factory=list)

    def begin_anew(self, enrollment: Enrollment) -> Successor:
        self.names.append(enrollment.execution_name)
        return Successor.STARTED


def a_shop_where_it_failed(campaign: Campaign) -> tuple[Shop, RetrySend, Begun]:
    shop = Shop(campaign)
    shop.enroll(campaign, a_customer())
    shop.mailer.refuse("c-ana", SendImpossibleError("MESSAGE_REJECTED"))
    shop.advance(ANA)
    assert shop.row(ANA).sends["first"].status is SendStatus.FAILED
    begun = Begun()
    table = shop.seams.around(shop.table)
    retry = RetrySend(ledger=table, executions=shop.seams.around(begun), arm=arm_of(shop), clock=shop.clock)
    return shop, retry, begun


def arm_of(shop: Shop) -> ArmWakes:
    return ArmWakes(timer=shop.timer, clock=shop.clock, shards=SHARDS)


def messages(shop: Shop, wanted: Wanted = FAILED) -> tuple[Unsent, ...]:
    return unsent(shop.row(ANA), wanted)


def test_it_stands_at_its_step_again_and_goes_with_the_next_sweep() -> None:
    shop, retry, begun = a_shop_where_it_failed(SWEPT)
    shop.clock.advance(hours=5)

    retry(shop.row(ANA), messages(shop))
    row = shop.row(ANA)
    assert (row.step, row.due_at, row.entered_at) == ("first", shop.clock.now(), shop.clock.now())
    shop.sweep_days(4)

    assert shop.mails == ["first", "second"]
    assert begun.names == []


def test_an_enrollment_of_a_journey_gets_a_new_execution() -> None:
    shop, retry, begun = a_shop_where_it_failed(CARRIED)

    retry(shop.row(ANA), messages(shop))
    shop.carry(ANA)

    assert shop.mails == ["first", "second"]
    assert begun.names == [shop.row(ANA).execution_name]


def test_an_enrollment_that_had_finished_goes_on() -> None:
    campaign = a_campaign("journey", steps=(send("first"),))
    shop, retry, _ = a_shop_where_it_failed(campaign)
    assert shop.row(ANA).status is EnrollmentStatus.FINISHED

    retry(shop.row(ANA), messages(shop))
    shop.carry(ANA)

    assert shop.mails == ["first"]


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("call", ["reopen", "begin_anew"])
def test_wherever_it_crashes_a_repeat_finishes_it(call: str, phase: Phase) -> None:
    shop, retry, begun = a_shop_where_it_failed(CARRIED)
    shop.seams.at_next(call, phase, crash)
    with pytest.raises(CrashError):
        retry(shop.row(ANA), messages(shop))

    found = messages(shop)
    assert [each.step for each in found] == ["first"]
    retry(shop.row(ANA), found)
    shop.carry(ANA)

    assert shop.mails == ["first", "second"]
    assert begun.names


def test_what_changed_since_it_was_looked_at_is_left_alone() -> None:
    shop, retry, _ = a_shop_where_it_failed(SWEPT)
    seen = shop.row(ANA)
    shop.table.save(seen.ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, NOW))

    with pytest.raises(ConflictError):
        retry(seen, unsent(seen, FAILED))


def test_a_customer_who_wants_no_mail_any_more_gets_none() -> None:
    shop, retry, _ = a_shop_where_it_failed(SWEPT)
    shop.change(marketing=False)

    retry(shop.row(ANA), messages(shop))
    shop.sweep_days(1)

    assert shop.mails == []
    assert shop.row(ANA).skips["first"].reason == "not_subscribed"


def test_a_later_message_that_failed_too_is_sent_after_the_first_one() -> None:
    shop, retry, _ = a_shop_where_it_failed(CARRIED)
    shop.mailer.refuse("c-ana", SendImpossibleError("MESSAGE_REJECTED"))
    shop.carry(ANA)
    assert [send.status for send in shop.row(ANA).sends.values()] == [SendStatus.FAILED] * 2
    found = messages(shop)
    assert [(each.step, each.too_late) for each in found] == [("first", None), ("second", None)]

    retry(shop.row(ANA), found)
    began = shop.clock.now()
    shop.carry(ANA)

    assert shop.mails == ["first", "second"]
    assert shop.clock.now() - began >= timedelta(days=2)


@pytest.mark.parametrize("campaign", [SWEPT, CARRIED])
def test_a_message_that_is_too_late_goes_alone_if_an_operator_insists(campaign: Campaign) -> None:
    shop, retry, _ = a_shop_where_it_failed(campaign)
    follow(shop, campaign)
    assert shop.mails == ["second"]
    found = messages(shop)
    assert [(each.step, each.too_late) for each in found] == [("first", TooLate.LATER_SENT)]

    retry(shop.row(ANA), found)
    began = shop.clock.now()
    follow(shop, campaign)

    assert shop.mails == ["second", "first"]
    row = shop.row(ANA)
    assert (row.status, row.step, row.resume) == (EnrollmentStatus.FINISHED, "end", None)
    if campaign is CARRIED:
        assert shop.clock.now() - began < timedelta(days=1), "no wait began anew"


def test_a_message_that_is_sent_late_changes_no_way_that_the_run_took() -> None:
    steps = (
        send("first"),
        wait_for("order.placed", days=3),
        send("thanks"),
        wait("rest", days=5),
        send("last"),
    )
    campaign = a_campaign("journey", steps=steps, message_class=MessageClass.TRANSACTIONAL)
    shop, retry, _ = a_shop_where_it_failed(campaign)
    shop.clock.advance(days=4)
    shop.advance(ANA)
    assert shop.mails == ["thanks"]

    retry(shop.row(ANA), messages(shop))
    shop.carry(ANA)

    assert shop.mails == ["thanks", "first", "last"]


def test_a_message_whose_condition_failed_goes_by_the_steps_that_hold_now() -> None:
    broken = a_campaign("journey", steps=(send_if("broken", "first"),), version="v1")
    shop = Shop(broken, answers={"broken": unfit, "mended": True})
    shop.enroll(broken, a_customer())
    shop.carry(ANA)
    assert shop.row(ANA).skips["first"].reason is SkipReason.EXPRESSION_FAILED
    correct = a_campaign("journey", steps=(send_if("mended", "first"),), version="v2")
    shop.campaigns.publish(correct)
    retry = RetrySend(ledger=shop.table, executions=Begun(), arm=arm_of(shop), clock=shop.clock)  # type: ignore[arg-type] # all it asks for
    wanted = Wanted(skips=frozenset({SkipReason.EXPRESSION_FAILED}))

    retry(shop.row(ANA), messages(shop, wanted), steps=correct)
    shop.carry(ANA)

    assert shop.mails == ["first"]
    assert shop.row(ANA).bundle == "v2"


def test_steps_that_lack_the_message_are_not_taken() -> None:
    shop, retry, _ = a_shop_where_it_failed(CARRIED)
    other = a_campaign("journey", steps=(send("other"),), version="v2")

    retry(shop.row(ANA), messages(shop), steps=other)

    assert shop.row(ANA).bundle == "v1"


def unfit(_: object) -> object:
    raise ExpressionFailedError("it does not fit")


def follow(shop: Shop, campaign: Campaign) -> None:
    if campaign is SWEPT:
        shop.sweep_days(4)
    else:
        shop.carry(ANA)


def test_the_wake_of_a_swept_run_is_armed() -> None:
    campaign = a_campaign("journey", driver=Driver.SWEEP, steps=(send("first"),))
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.mailer.refuse_next(SendImpossibleError("MessageRejected"))
    shop.wake_until(NOW)
    shop.advance(ana)
    assert shop.row(ana).sends["first"].status is SendStatus.FAILED
    retry = RetrySend(ledger=shop.table, executions=Begun(), arm=arm_of(shop), clock=shop.clock)  # type: ignore[arg-type] # all it asks for

    retry(shop.row(ana), unsent(shop.row(ana), FAILED))

    shop.wake_until(NOW + timedelta(minutes=1))
    assert shop.mails == ["first"]
