"""A table that was restored: what is replayed ends as it was, and nothing advances meanwhile."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NOW, a_campaign, a_customer, an_enrollment, an_event
from outreach.domain.feedback.report import Delivered, Report, Sent
from outreach.domain.intake.customer import Consent
from outreach.domain.intake.opt_out import no_at, opted_out_at, opting_out_id
from outreach.domain.journeys.campaign import Driver, Reentry
from outreach.domain.journeys.enrollment import EnrollmentStatus, LeaveReason
from outreach.domain.journeys.progress import Waits
from outreach.domain.sending.gate import Rules
from outreach.domain.sending.send import SendId, SendStatus
from outreach.usecases.journeys.advance_enrollment import RESTORE_RECHECK
from usecases.door import door
from usecases.mailbag import HARD, Mailbag
from usecases.seams import Phase
from usecases.shop import Shop
from usecases.steps import send, wait

ONBOARDING = a_campaign(steps=(send("welcome"), wait(days=1), send("nudge")))
RESTORING = Rules(is_restoring=True)


def _forgets_the_send(bag: Mailbag) -> None:
    """The row is from before the message was sent."""
    row = bag.table.enrollments[an_enrollment("mail-0").id]
    bag.table.enrollments[row.id] = replace(row, sends={})


def _replayed(bag: Mailbag, feedback: object, **fields: object) -> Report:
    return replace(bag.report(feedback), is_replayed=True, source=None, **fields)  # type: ignore[arg-type]


def test_a_replayed_report_brings_back_a_send_that_the_table_lost() -> None:
    bag = Mailbag()
    _forgets_the_send(bag)

    bag.take_in([_replayed(bag, Sent(NOW)), _replayed(bag, Delivered(NOW))])

    send_ = bag.table.sent(bag.send_id())
    assert (send_.status, send_.at, send_.message_id) == (SendStatus.DELIVERED, NOW, "ses-0")
    assert bag.table.customer("c-ana").mailed_at == (NOW,)


def test_a_replayed_report_twice_is_once() -> None:
    bag = Mailbag()
    _forgets_the_send(bag)

    bag.take_in([_replayed(bag, Delivered(NOW))])
    once = bag.table.enrollments.copy()
    bag.take_in([_replayed(bag, Delivered(NOW))])

    assert bag.table.enrollments == once


def test_a_report_that_is_not_replayed_brings_back_nothing() -> None:
    """A producer that knows our tags could make one: only EventBridge can replay."""
    bag = Mailbag()
    _forgets_the_send(bag)

    digest = bag.hears(Delivered(NOW))

    assert digest.strangers == 1
    assert bag.table.enrollments[an_enrollment("mail-0").id].sends == {}


def test_a_replayed_bounce_suppresses_and_is_not_counted_again() -> None:
    bag = Mailbag()
    _forgets_the_send(bag)

    bag.take_in([_replayed(bag, HARD)])

    assert bag.suppression is not None
    assert bag.table.state_store.counted.total.bounces == 0


def test_a_replayed_report_says_nothing_of_the_flow_of_reports() -> None:
    bag = Mailbag()

    bag.take_in([_replayed(bag, Delivered(NOW))])

    assert bag.marks.health().marks == {}


@pytest.mark.parametrize("lost", ["row", "run"])
def test_a_replayed_report_of_a_run_that_is_not_there_is_noted_for_the_operator(lost: str) -> None:
    bag = Mailbag()
    of_ben = SendId("c-ben", "mail-0", "c-ben", 1, "welcome")
    send_id = of_ben if lost == "row" else replace(bag.send_id(), run=2)

    digest = bag.take_in([_replayed(bag, Delivered(NOW), send_id=send_id)])

    assert list(bag.table.unmatched) == [send_id]
    assert digest.strangers == 1


def test_nothing_is_brought_back_of_a_customer_who_was_erased() -> None:
    bag = Mailbag()
    _forgets_the_send(bag)
    bag.table.know(replace(bag.table.customer("c-ana"), erased_at=NOW))

    bag.take_in([_replayed(bag, Sent(NOW))])

    assert bag.table.enrollments[an_enrollment("mail-0").id].sends == {}
    assert bag.table.unmatched == {}


def test_a_race_with_another_writer_is_decided_anew() -> None:
    bag = Mailbag()
    _forgets_the_send(bag)
    bag.seams.at_next(
        "restore", Phase.BEFORE, lambda: bag.table.save(bag.table.get(an_enrollment("mail-0").id))
    )

    bag.take_in([_replayed(bag, Sent(NOW))])

    assert bag.status() is SendStatus.SENT


def test_no_enrollment_advances_while_the_table_is_restored() -> None:
    shop = Shop(ONBOARDING)
    ana = shop.enroll(ONBOARDING)
    shop.state_store.current = RESTORING
    before = shop.row(ana)

    progress = shop.advance(ana)

    assert progress == Waits(NOW + RESTORE_RECHECK)
    assert (shop.row(ana), shop.mails) == (before, [])


def test_nothing_is_swept_while_the_table_is_restored() -> None:
    campaign = replace(ONBOARDING, driver=Driver.SWEEP)
    shop = Shop(campaign)
    ana = shop.enroll(campaign)
    shop.state_store.current = RESTORING
    before = shop.row(ana)

    swept = [shop.sweep(campaign, shard) for shard in range(2)]

    assert [each.counts.due for each in swept] == [0, 0]
    assert sorted(each.hold is not None for each in swept) == [False, True]
    assert (shop.row(ana), shop.mails) == (before, [])


def test_a_replayed_event_begins_its_run_when_the_bus_had_it() -> None:
    shop = Shop(ONBOARDING)
    shop.clock.advance(days=1)

    shop.take_in(an_event(), as_of=NOW + timedelta(seconds=1))

    (row,) = shop.table.enrollments.values()
    assert (row.started_at, row.entered_at) == (NOW + timedelta(seconds=1), NOW)


def test_a_replayed_event_enters_only_who_had_rested_by_then() -> None:
    campaign = replace(ONBOARDING, reentry=Reentry.AFTER, reentry_after=timedelta(days=2))
    shop = Shop(campaign)
    ended = an_enrollment().ended(EnrollmentStatus.FINISHED, "completed", NOW)
    shop.table.save(ended)
    shop.clock.advance(days=3)

    again = an_event(id="evt-2", occurred_at=NOW + timedelta(days=1))
    shop.take_in(again, as_of=NOW + timedelta(days=1))

    (row,) = shop.table.enrollments.values()
    assert row.run == 1


def test_an_announced_opt_out_is_taken_in_again_as_of_its_instant() -> None:
    shop = Shop(ONBOARDING)
    shop.advance(shop.enroll(ONBOARDING))
    shop.clock.advance(days=1)
    at = NOW + timedelta(hours=2)

    door(shop).as_announced("c-ana", at)

    (row,) = shop.table.enrollments.values()
    assert (row.reason, shop.table.customer("c-ana").consent) == (LeaveReason.UNSUBSCRIBED, no_at(at))


def test_an_announced_opt_out_does_not_undo_a_later_yes() -> None:
    shop = Shop(ONBOARDING)
    yes = Consent(True, NOW + timedelta(days=1), "account")
    shop.table.know(a_customer(consent=yes))

    door(shop).as_announced("c-ana", NOW)

    assert shop.table.customer("c-ana").consent == yes


def test_the_id_of_an_opt_out_says_when_it_was() -> None:
    at = NOW + timedelta(milliseconds=1234)

    assert opted_out_at(opting_out_id(no_at(at))) == at


@pytest.mark.parametrize("other", ["evt-1", "unsubscribe-", "unsubscribe-soon", "unsubscribe-" + "9" * 30])
def test_another_id_says_nothing_of_an_opt_out(other: str) -> None:
    assert opted_out_at(other) is None
