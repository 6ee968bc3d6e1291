"""What a sweep left behind is resolved by reading its pages: by receipt, by evidence, or by class."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from builders import NOW, a_campaign, a_customer, an_event
from outreach.domain.errors import SendImpossibleError, SendThrottledError
from outreach.domain.feedback.report import ReportSource
from outreach.domain.journeys.campaign import Campaign, Driver, MessageClass, Reentry
from outreach.domain.journeys.enrollment import EnrollmentId, EnrollmentStatus, LeaveReason
from outreach.domain.journeys.hash_share import shard_of
from outreach.domain.sending.send import SendStatus
from outreach.domain.sending.unresolved_claim import GRACE, LAG, LATE, LATE_TRANSACTIONAL
from outreach.usecases.sweeps.resolve_pages import PagesResolved
from reported import report
from usecases.seams import CrashError, Phase, crash
from usecases.shop import SHARDS, Shop
from usecases.steps import send, send_if, wait

IDS = [f"c-{number}" for number in range(20) if shard_of(f"c-{number}", SHARDS) == 0][:4]
"""Customers who share a page."""
ANA = EnrollmentId(IDS[0], "letter", IDS[0])
STEPS = (send("letter"), wait(days=14), send("offer"))
MARKETING = a_campaign("letter", driver=Driver.SWEEP, steps=STEPS)
TRANSACTIONAL = replace(MARKETING, message_class=MessageClass.TRANSACTIONAL)
BOTH = pytest.mark.parametrize("campaign", [MARKETING, TRANSACTIONAL], ids=["marketing", "transactional"])


def a_page_where_it_crashed(
    campaign: Campaign, call: str, phase: Phase, *, feedback: bool = True, **refusals: Exception
) -> Shop:
    """The sweep of a page of four, up to a crash."""
    shop = Shop(campaign, feedback=feedback)
    for customer_id in IDS:
        shop.enroll(campaign, a_customer(customer_id), key=customer_id)
    for number, refusal in refusals.items():
        shop.mailer.refuse(IDS[int(number.removeprefix("of_"))], refusal)
    shop.seams.at_next(call, phase, crash)
    with pytest.raises(CrashError):
        shop.sweep(campaign, 0)
    return shop


def statuses(shop: Shop, ids: Sequence[str] = IDS) -> list[SendStatus]:
    rows = [shop.row(EnrollmentId(each, "letter", each)) for each in ids]
    return [row.sends["letter"].status for row in rows]


@BOTH
def test_what_never_went_is_found_and_goes(campaign: Campaign) -> None:
    shop = a_page_where_it_crashed(campaign, "send_all", Phase.BEFORE)

    shop.reconcile_until_resolved()

    assert statuses(shop) == [SendStatus.DEFERRED] * 4
    row = shop.row(ANA)
    assert (row.step, row.entered_at, row.due_at) == ("letter", NOW, shop.clock.now())
    shop.sweep_days(1)
    assert sorted(shop.mails_to) == [(each, "letter") for each in sorted(IDS)]


@BOTH
def test_a_sent_message_is_known_by_its_report_and_is_not_sent_again(campaign: Campaign) -> None:
    shop = a_page_where_it_crashed(campaign, "send_all", Phase.AFTER)

    shop.reconcile_until_resolved()

    assert statuses(shop) == [SendStatus.SENT] * 4
    assert shop.row(ANA).step == "pause"
    shop.sweep_days(2)
    assert len(shop.mails) == 4


@BOTH
def test_once_a_page_is_closed_its_receipts_are_enough_without_any_report(campaign: Campaign) -> None:
    shop = a_page_where_it_crashed(campaign, "close_page", Phase.AFTER, feedback=False)

    shop.clock.advance(hours=1)
    resolved = shop.watch()

    assert resolved.sends == {SendStatus.SENT: 4}
    assert shop.row(ANA).sends["letter"].message_id is not None
    assert shop.evidence.probes == []


def test_while_feedback_is_silent_unresolved_marketing_is_unknown_and_goes_on() -> None:
    shop = a_page_where_it_crashed(MARKETING, "send_all", Phase.BEFORE, feedback=False)

    shop.reconcile_until_resolved()

    assert statuses(shop) == [SendStatus.UNKNOWN] * 4
    assert shop.row(ANA).step == "pause"
    shop.sweep_days(2)
    assert shop.mails == []


def test_while_feedback_is_silent_unresolved_transactional_mail_is_sent_once_more() -> None:
    shop = a_page_where_it_crashed(TRANSACTIONAL, "send_all", Phase.AFTER, feedback=False)

    shop.reconcile_until_resolved()
    shop.sweep_days(2)

    assert sorted(shop.mails_to) == sorted((each, "letter") for each in IDS * 2)


def test_a_refusal_that_was_received_but_not_applied_is_applied() -> None:
    shop = a_page_where_it_crashed(
        MARKETING,
        "close_page",
        Phase.AFTER,
        feedback=False,
        of_0=SendThrottledError("rate"),
        of_1=SendImpossibleError("MESSAGE_REJECTED"),
    )

    shop.clock.advance(hours=1)
    shop.watch()

    assert statuses(shop) == [SendStatus.DEFERRED, SendStatus.FAILED, SendStatus.SENT, SendStatus.SENT]
    assert shop.row(ANA).sends["letter"].reason == "rate"
    assert shop.row(EnrollmentId(IDS[1], "letter", IDS[1])).sends["letter"].reason == "MESSAGE_REJECTED"


def test_within_the_grace_a_page_is_left_alone() -> None:
    shop = a_page_where_it_crashed(TRANSACTIONAL, "send_all", Phase.BEFORE)
    shop.listen()

    shop.clock.set(NOW + GRACE)
    assert shop.watch() == PagesResolved()
    assert shop.evidence.probes == []

    shop.clock.advance(milliseconds=1)
    assert shop.watch().waiting == 1
    shop.clock.set(NOW + LATE_TRANSACTIONAL)
    assert shop.watch().pages == 1


def test_a_resolved_page_is_not_read_again() -> None:
    shop = a_page_where_it_crashed(MARKETING, "send_all", Phase.BEFORE)
    shop.reconcile_until_resolved()
    calls = len(shop.seams.calls)

    shop.watch()

    assert "sent_many" not in shop.seams.calls[calls:]


def test_a_customer_who_left_since_gets_nothing_and_the_operator_sees_why() -> None:
    shop = a_page_where_it_crashed(MARKETING, "send_all", Phase.BEFORE)
    shop.table.save(shop.row(ANA).ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, NOW))

    shop.reconcile_until_resolved()
    shop.sweep_days(1)

    failed = shop.row(ANA).sends["letter"]
    assert (failed.status, failed.reason) == (SendStatus.FAILED, "left")
    assert len(shop.mails) == 3


def test_the_message_of_a_customer_who_left_while_feedback_was_silent_is_unknown() -> None:
    shop = a_page_where_it_crashed(TRANSACTIONAL, "send_all", Phase.BEFORE, feedback=False)
    shop.table.save(shop.row(ANA).ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, NOW))

    shop.reconcile_until_resolved()

    assert shop.row(ANA).sends["letter"].status is SendStatus.UNKNOWN


def test_a_customer_who_was_erased_since_stays_erased() -> None:
    shop = a_page_where_it_crashed(MARKETING, "send_all", Phase.BEFORE)
    del shop.table.enrollments[ANA]

    shop.reconcile_until_resolved()
    shop.sweep_days(1)

    assert len(shop.mails) == 3


def test_a_run_that_was_replaced_since_is_resolved_where_it_lies() -> None:
    campaign = replace(MARKETING, reentry=Reentry.RESTART, trigger="letter.wanted")
    shop = a_page_where_it_crashed(campaign, "send_all", Phase.BEFORE)
    shop.clock.advance(minutes=1)
    again = an_event("letter.wanted", id="evt-2", customer_id=IDS[0], occurred_at=shop.clock.now())
    shop.rival.take_in(again)
    assert shop.row(ANA).run == 2

    shop.reconcile_until_resolved()

    old = shop.table.runs[ANA, 1].sends["letter"]
    assert (old.status, old.reason) == (SendStatus.FAILED, "left")
    shop.sweep_days(1)
    assert sorted(shop.mails_to) == [(each, "letter") for each in sorted(IDS)]


def test_the_last_message_of_a_campaign_is_released_although_the_enrollment_had_finished() -> None:
    campaign = replace(MARKETING, steps=(send("letter"),))
    shop = a_page_where_it_crashed(campaign, "send_all", Phase.BEFORE)
    assert shop.row(ANA).status is EnrollmentStatus.FINISHED

    shop.reconcile_until_resolved()
    assert shop.row(ANA).is_active
    shop.sweep_days(1)

    assert len(shop.mails) == 4
    assert shop.row(ANA).status is EnrollmentStatus.FINISHED


def test_a_released_message_is_judged_anew_and_what_was_skipped_on_the_way_too() -> None:
    campaign = replace(MARKETING, steps=(send("letter"), send_if("is_late", "nudge"), wait(days=14)))
    shop = Shop(campaign, answers={"is_late": False})
    for customer_id in IDS[:2]:
        shop.enroll(campaign, a_customer(customer_id), key=customer_id)
    shop.seams.at_next("send_all", Phase.BEFORE, crash)
    with pytest.raises(CrashError):
        shop.sweep(campaign, 0)
    assert list(shop.row(ANA).skips) == ["nudge"]

    shop.reconcile_until_resolved()
    assert shop.row(ANA).skips == {}
    shop.change(IDS[0], marketing=False)
    shop.sweep_days(1)

    assert shop.mails_to == [(IDS[1], "letter")]
    assert set(shop.row(ANA).skips) == {"letter", "nudge"}


def test_the_next_message_waits_until_it_is_known_what_became_of_the_one_before() -> None:
    campaign = replace(TRANSACTIONAL, steps=(send("letter"), wait(minutes=5), send("second")))
    shop = a_page_where_it_crashed(campaign, "send_all", Phase.BEFORE)

    shop.clock.advance(minutes=5)
    shop.sweep(campaign, 0)
    assert shop.mails == []
    assert shop.row(ANA).hold == "in_doubt"

    shop.sweep_days(1)
    for customer_id in IDS:
        assert [what for who, what in shop.mails_to if who == customer_id] == ["letter", "second"]


def test_a_report_that_comes_while_the_page_is_resolved_wins() -> None:
    shop = a_page_where_it_crashed(MARKETING, "send_all", Phase.AFTER)
    send_id = shop.row(ANA).send_id("letter")

    def is_reported() -> None:
        report(shop.table, send_id, SendStatus.DELIVERED, shop.clock.now(), message_id="ses-1")

    shop.seams.at_next("save", Phase.BEFORE, is_reported)
    shop.evidence.reported(NOW + LAG)
    shop.lose_reports()
    shop.clock.advance(hours=3)
    shop.watch()

    assert shop.row(ANA).sends["letter"].status is SendStatus.DELIVERED
    assert shop.row(ANA).step == "pause"


def test_a_message_that_was_claimed_anew_is_not_resolved_by_its_old_page() -> None:
    shop = a_page_where_it_crashed(MARKETING, "send_all", Phase.BEFORE)
    shop.reconcile_until_resolved()
    shop.seams.at_next("claim", Phase.AFTER, crash)
    with pytest.raises(CrashError):
        shop.sweep(MARKETING, 0)
    shop.table._resolved.clear()  # noqa: SLF001 - as if the mark had been lost
    unresolved = [row for row in shop.table.enrollments.values() if row.sends["letter"].at != NOW]
    assert len(unresolved) == 1

    shop.watch()

    assert shop.row(unresolved[0].id) == unresolved[0]


def test_when_its_time_is_over_it_stops_and_the_next_one_goes_on() -> None:
    shop = a_page_where_it_crashed(MARKETING, "send_all", Phase.AFTER)
    shop.clock.advance(hours=1)
    shop.listen()

    assert shop.resolve_pages(shop.clock.now()).pages == 0
    assert shop.resolve_pages(shop.clock.now() + LAG).pages == 1
    assert statuses(shop) == [SendStatus.SENT] * 4


def test_feedback_that_was_off_when_the_process_crashed_proves_nothing_when_it_is_on_again() -> None:
    shop = two_pages_of_which_the_second_crashed(MARKETING)

    shop.evidence.reported(NOW + LATE)
    shop.clock.set(NOW + LATE + LAG)
    shop.reconcile_until_resolved()

    assert set(statuses(shop, IDS[2:])) == {SendStatus.UNKNOWN}
    assert len(shop.mails) == len(IDS)


@pytest.mark.parametrize("silent", ReportSource)
def test_one_source_that_was_off_when_the_process_crashed_is_enough_to_prove_nothing(
    silent: ReportSource,
) -> None:
    shop = two_pages_of_which_the_second_crashed(MARKETING)
    shop.evidence.silent = {silent}
    shop.evidence.reported(NOW)
    shop.evidence.silent = set()

    shop.evidence.reported(NOW + LATE)
    shop.clock.set(NOW + LATE + LAG)
    shop.reconcile_until_resolved()

    assert set(statuses(shop, IDS[2:])) == {SendStatus.UNKNOWN}


@pytest.mark.parametrize("status", [SendStatus.SENT, SendStatus.DELIVERED])
def test_what_was_reported_of_messages_of_the_same_minutes_shows_that_feedback_flowed(
    status: SendStatus,
) -> None:
    """Reports that messages were sent are enough: a mailbox may take hours to answer."""
    shop = two_pages_of_which_the_second_crashed(MARKETING)
    went = [shop.row(EnrollmentId(each, "letter", each)).send_id("letter") for each in IDS[:2]]
    for send_id in went:
        report(shop.table, send_id, status, NOW, message_id="ses-1")
    shop.evidence.reported(NOW)

    shop.evidence.reported(NOW + LATE)
    shop.clock.set(NOW + LATE + LAG)
    shop.reconcile_until_resolved()

    assert set(statuses(shop, IDS[2:])) == {SendStatus.DEFERRED}


def test_a_transactional_message_goes_again_rather_than_not_at_all() -> None:
    shop = two_pages_of_which_the_second_crashed(TRANSACTIONAL)

    shop.evidence.reported(NOW + LATE)
    shop.clock.set(NOW + LATE + LAG)
    shop.reconcile_until_resolved()

    assert set(statuses(shop, IDS[2:])) == {SendStatus.DEFERRED}


@pytest.mark.parametrize(
    ("reported", "status"),
    [(SendStatus.SENT, SendStatus.UNKNOWN), (SendStatus.DELIVERED, SendStatus.DEFERRED)],
)
def test_of_a_page_from_before_slots_were_kept_the_messages_around_it_decide(
    reported: SendStatus, status: SendStatus
) -> None:
    """As the release that wrote it would have: a send may be `sent` by its receipt."""
    shop = two_pages_of_which_the_second_crashed(MARKETING, received_since=NOW + timedelta(hours=1))
    for each in IDS[:2]:
        send_id = shop.row(EnrollmentId(each, "letter", each)).send_id("letter")
        report(shop.table, send_id, reported, NOW, message_id="ses-1")

    shop.evidence.reported(NOW + LATE)
    shop.clock.set(NOW + LATE + LAG)
    shop.reconcile_until_resolved()

    assert set(statuses(shop, IDS[2:])) == {status}


@pytest.mark.parametrize(
    ("campaign", "status"),
    [(MARKETING, SendStatus.UNKNOWN), (TRANSACTIONAL, SendStatus.DEFERRED)],
    ids=["marketing", "transactional"],
)
def test_of_a_call_that_is_known_to_have_been_taken_unreported_marketing_is_recorded_as_unknown(
    campaign: Campaign, status: SendStatus
) -> None:
    shop = a_page_where_it_crashed(campaign, "send_all", Phase.AFTER)
    send_id = shop.row(ANA).send_id("letter")
    report(shop.table, send_id, SendStatus.SENT, NOW + timedelta(seconds=1), message_id="ses-1")
    shop.lose_reports()
    shop.evidence.reported(NOW + LATE)

    shop.clock.set(NOW + LATE)
    shop.watch()

    assert statuses(shop) == [SendStatus.SENT, status, status, status]


def test_what_went_again_since_does_not_show_that_the_call_was_taken() -> None:
    shop = a_page_where_it_crashed(MARKETING, "send_all", Phase.BEFORE)
    send_id = shop.row(ANA).send_id("letter")
    report(shop.table, send_id, SendStatus.SENT, NOW + GRACE, message_id="ses-1")
    shop.evidence.reported(NOW + LATE)

    shop.clock.set(NOW + LATE)
    shop.watch()

    assert statuses(shop)[1:] == [SendStatus.DEFERRED] * 3


def test_a_message_whose_answer_says_that_it_went_proves_nothing_of_one_without_an_answer() -> None:
    """It was sent by a call of its own, as it did not fit the bulk call; only that call was answered."""
    shop = a_page_where_it_crashed(MARKETING, "close_page", Phase.AFTER, of_0=SendThrottledError("rate"))
    (place, page), *_ = shop.table.pages.items()
    sent = shop.row(EnrollmentId(IDS[1], "letter", IDS[1])).send_id("letter")
    receipts = {sent: page.receipts[sent]}
    shop.table.pages[place] = replace(page, receipts=receipts)
    report(shop.table, sent, SendStatus.SENT, NOW, message_id="ses-1")
    shop.lose_reports()
    for at in (NOW - timedelta(days=1), NOW, NOW + LATE):
        shop.evidence.reported(at)

    shop.clock.set(NOW + LATE)
    shop.watch()

    assert statuses(shop) == [SendStatus.DEFERRED, SendStatus.SENT, SendStatus.DEFERRED, SendStatus.DEFERRED]


@BOTH
def test_what_was_never_sent_goes_with_a_wake_that_is_armed_at_once(campaign: Campaign) -> None:
    shop = a_page_where_it_crashed(campaign, "send_all", Phase.BEFORE)
    shop.evidence.reported(NOW + LATE)
    shop.clock.set(NOW + LATE)

    assert shop.watch().are_wakes_armed

    shop.wake_until(shop.clock.now() + timedelta(minutes=2))
    assert sorted(shop.mails_to) == [(each, "letter") for each in sorted(IDS)]
    assert not shop.watch().are_wakes_armed


@pytest.mark.parametrize("phase", Phase)
def test_the_wake_is_armed_also_when_the_process_crashes_at_it(phase: Phase) -> None:
    shop = a_page_where_it_crashed(MARKETING, "send_all", Phase.BEFORE)
    shop.evidence.reported(NOW + LATE)
    shop.clock.set(NOW + LATE)
    shop.seams.at_next("wake_at", phase, crash)

    shop.watch()

    assert ("letter", 0) in {(campaign, shard) for campaign, shard, _ in shop.timer.armed}


def test_while_nothing_is_released_no_wake_is_armed() -> None:
    shop = a_page_where_it_crashed(MARKETING, "close_page", Phase.AFTER)
    shop.clock.advance(hours=1)

    assert not shop.watch().are_wakes_armed
    assert shop.timer.armed == set()


def two_pages_of_which_the_second_crashed(
    campaign: Campaign, *, received_since: datetime = NOW - timedelta(days=1)
) -> Shop:
    """While no report came in, though both sources had been received; SES took the messages of both."""
    shop = Shop(campaign, feedback=False)
    shop.evidence.reported(received_since)
    for customer_id in IDS[:2]:
        shop.enroll(campaign, a_customer(customer_id), key=customer_id)
    shop.sweep(campaign, 0)
    shop.clock.advance(minutes=1)
    for customer_id in IDS[2:]:
        shop.enroll(campaign, a_customer(customer_id), key=customer_id)
    shop.seams.at_next("send_all", Phase.AFTER, crash)
    with pytest.raises(CrashError):
        shop.sweep(campaign, 0)
    return shop
