"""A person gives a failed message another chance: it goes as any message does, once."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from builders import NOW, a_campaign, a_customer
from outreach.domain.campaign import Campaign, Driver, MessageClass
from outreach.domain.enrollment import Enrollment, EnrollmentId, EnrollmentStatus, LeaveReason
from outreach.domain.errors import Conflict, SendImpossible
from outreach.domain.sends import SendStatus
from outreach.ports import Successor
from outreach.usecases.retry_send import RetrySend, retriable
from usecases.seams import CrashError, Phase, crash
from usecases.shop import Shop
from usecases.steps import send, wait

FAILED = frozenset({SendStatus.FAILED})
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
    shop.mailer.refuse("c-ana", SendImpossible("MESSAGE_REJECTED"))
    shop.advance(ANA)
    assert shop.row(ANA).sends["first"].status is SendStatus.FAILED
    begun = Begun()
    table = shop.seams.around(shop.table)
    return (
        shop,
        RetrySend(ledger=table, enrollments=table, executions=shop.seams.around(begun), clock=shop.clock),
        begun,
    )


def test_it_stands_at_its_step_again_and_goes_with_the_next_sweep() -> None:
    shop, retry, begun = a_shop_where_it_failed(SWEPT)
    shop.clock.advance(hours=5)

    retry(shop.row(ANA), "first")
    row = shop.row(ANA)
    assert (row.step, row.due_at, row.entered_at) == ("first", shop.clock.now(), shop.clock.now())
    shop.sweep_days(4)

    assert shop.mails == ["first", "second"]
    assert begun.names == []


def test_what_an_execution_carries_gets_a_new_one() -> None:
    shop, retry, begun = a_shop_where_it_failed(CARRIED)

    retry(shop.row(ANA), "first")
    shop.carry(ANA)

    assert shop.mails == ["first", "second"]
    assert begun.names == [shop.row(ANA).execution_name]


def test_an_enrollment_that_had_finished_goes_on() -> None:
    campaign = a_campaign("journey", steps=(send("first"),))
    shop, retry, _ = a_shop_where_it_failed(campaign)
    assert shop.row(ANA).status is EnrollmentStatus.FINISHED

    retry(shop.row(ANA), "first")
    shop.carry(ANA)

    assert shop.mails == ["first"]


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("call", ["reopen", "begin_anew"])
def test_wherever_it_dies_doing_it_again_finishes_it(call: str, phase: Phase) -> None:
    shop, retry, begun = a_shop_where_it_failed(CARRIED)
    shop.seams.at_next(call, phase, crash)
    with pytest.raises(CrashError):
        retry(shop.row(ANA), "first")

    step = retriable(shop.row(ANA), FAILED)
    assert step == "first"
    retry(shop.row(ANA), step)
    shop.carry(ANA)

    assert shop.mails == ["first", "second"]
    assert begun.names


def test_what_changed_since_it_was_looked_at_is_left_alone() -> None:
    shop, retry, _ = a_shop_where_it_failed(SWEPT)
    seen = shop.row(ANA)
    shop.table.save(seen.ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, NOW))

    with pytest.raises(Conflict):
        retry(seen, "first")


def test_whoever_wants_no_mail_any_more_gets_none() -> None:
    shop, retry, _ = a_shop_where_it_failed(SWEPT)
    shop.change(marketing=False)

    retry(shop.row(ANA), "first")
    shop.sweep_days(1)

    assert shop.mails == []
    assert shop.row(ANA).skips["first"].reason == "not_subscribed"


def test_only_the_newest_message_of_a_run_that_goes_on_may_be_retried() -> None:
    shop, _, _ = a_shop_where_it_failed(SWEPT)
    row = shop.row(ANA)
    assert retriable(row, FAILED) == "first"
    assert retriable(row, frozenset({SendStatus.UNKNOWN})) is None

    shop.sweep_days(4)
    assert shop.mails == ["second"]
    assert retriable(shop.row(ANA), FAILED) is None
    assert retriable(row.ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, NOW), FAILED) is None
    assert retriable(shop.row(ANA).at_step("end", NOW + timedelta(days=9)), FAILED) is None
