"""An unresolved claim: resolved by evidence, or by its class while there is none."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from builders import NOW, a_campaign
from outreach.domain.feedback.health import BACKLOG_ENDS
from outreach.domain.feedback.report import ReportSource
from outreach.domain.journeys.campaign import Campaign, MessageClass
from outreach.domain.journeys.enrollment import EnrollmentId, HoldReason
from outreach.domain.journeys.progress import Over, Waits
from outreach.domain.sending.send import MOST_TRIES, SendStatus
from outreach.domain.sending.unresolved_claim import (
    GRACE,
    LAG,
    LATE,
    LATE_TRANSACTIONAL,
    LONGEST_BACKLOG,
    MOST_PROBES,
    PATIENCE,
    SILENCE,
)
from reported import report
from usecases.seams import CrashError, Phase, crash
from usecases.shop import Shop
from usecases.steps import send, send_if, wait

MARKETING = a_campaign(steps=(send("welcome"), send("next", valid_for=timedelta(hours=2))))
TRANSACTIONAL = a_campaign(message_class=MessageClass.TRANSACTIONAL)


BOTH = pytest.mark.parametrize("campaign", [MARKETING, TRANSACTIONAL], ids=["marketing", "transactional"])


def unresolved(
    campaign: Campaign,
    answers: dict[str, object] | None = None,
    *,
    feedback: bool = False,
    phase: Phase = Phase.AFTER,
) -> tuple[Shop, EnrollmentId]:
    """The process crashed at the call of the mailer; the message is sent if it crashed after it."""
    shop = Shop(campaign, answers=answers, feedback=feedback)
    ana = shop.enroll(campaign)
    shop.seams.at_next("send", phase, crash)
    with pytest.raises(CrashError):
        shop.advance(ana)
    return shop, ana


@BOTH
def test_within_the_grace_it_stays_untouched_because_its_owner_may_still_be_running(
    campaign: Campaign,
) -> None:
    shop, ana = unresolved(campaign)

    shop.clock.advance(minutes=1)

    assert shop.advance(ana) == shop.advance(ana) == Waits(NOW + GRACE)
    assert shop.mails == ["welcome"]
    assert shop.row(ana).holds == {HoldReason.UNRESOLVED: 1}
    assert shop.evidence.probes == []


@BOTH
def test_once_reports_of_later_messages_came_in_it_never_went_and_is_sent(campaign: Campaign) -> None:
    shop, ana = unresolved(campaign, phase=Phase.BEFORE)
    shop.clock.set(NOW + (LATE if campaign.is_marketing else LATE_TRANSACTIONAL))
    shop.evidence.reported(NOW + LAG)

    shop.advance(ana)

    assert shop.mails[0] == "welcome"
    sent = shop.row(ana).sends["welcome"]
    assert (sent.status, sent.attempts) == (SendStatus.SENT, 1)
    assert shop.evidence.probes == []


@pytest.mark.parametrize(
    ("campaign", "until"), [(MARKETING, LATE), (TRANSACTIONAL, LATE_TRANSACTIONAL)], ids=["two hours", "half"]
)
def test_a_message_waits_for_a_report_that_may_be_late(campaign: Campaign, until: timedelta) -> None:
    shop, ana = unresolved(campaign, phase=Phase.AFTER)
    shop.clock.set(NOW + timedelta(minutes=20))
    shop.evidence.reported(NOW + timedelta(minutes=19))

    assert shop.advance(ana) == Waits(NOW + until)
    shop.listen()
    shop.advance(ana)

    assert shop.mails[0] == "welcome"
    assert shop.mails.count("welcome") == 1


@BOTH
@pytest.mark.parametrize("silent", ReportSource)
def test_one_source_alone_never_proves_that_a_message_did_not_go(
    campaign: Campaign, silent: ReportSource
) -> None:
    shop, ana = unresolved(campaign, phase=Phase.AFTER)
    shop.evidence.silent = {silent}
    shop.clock.set(NOW + LATE)
    shop.evidence.reported(NOW + timedelta(hours=1))

    assert shop.advance(ana) == Waits(NOW + LATE + PATIENCE)
    assert (shop.mails, shop.evidence.probes) == (["welcome"], [NOW + LATE])


@pytest.mark.parametrize("answered", range(MOST_PROBES))
@BOTH
def test_lost_reports_of_probes_make_no_message_unknown_unless_all_three_are_lost(
    campaign: Campaign, answered: int
) -> None:
    shop, ana = unresolved(campaign, phase=Phase.BEFORE, feedback=True)
    shop.evidence.silent = {ReportSource.SNS}
    look = NOW + GRACE
    for _ in range(answered):
        shop.clock.set(look)
        look += PATIENCE
        assert shop.advance(ana) == Waits(look)
    shop.evidence.silent = set()

    shop.clock.set(look)
    shop.carry(ana)

    assert shop.mails[0] == "welcome"
    assert shop.row(ana).sends["welcome"].status is SendStatus.SENT
    assert shop.evidence.probes == [NOW + GRACE + number * PATIENCE for number in range(answered + 1)]


@BOTH
def test_while_a_backlog_of_reports_is_taken_in_nothing_is_judged(campaign: Campaign) -> None:
    shop, ana = unresolved(campaign, phase=Phase.AFTER)
    shop.evidence.reported(NOW + LAG)
    for hours in (2, 3, 4):
        shop.clock.set(NOW + timedelta(hours=hours))
        shop.evidence.marks.note_behind(shop.clock.now())
        assert shop.advance(ana) == Waits(shop.clock.now() + BACKLOG_ENDS)

    report(shop.table, shop.row(ana).send_id("welcome"), SendStatus.SENT, NOW, message_id="ses-1")
    shop.carry(ana)

    assert shop.mails.count("welcome") == 1
    assert shop.row(ana).sends["welcome"].status is SendStatus.SENT


def test_a_backlog_that_does_not_end_lets_the_class_decide_after_six_hours() -> None:
    shop, ana = unresolved(MARKETING, phase=Phase.AFTER)
    shop.evidence.reported(NOW + LAG)
    shop.clock.set(NOW + LONGEST_BACKLOG)
    shop.evidence.marks.note_behind(shop.clock.now())

    shop.advance(ana)

    assert shop.row(ana).sends["welcome"].status is SendStatus.UNKNOWN
    assert shop.mails.count("welcome") == 1


@BOTH
def test_reports_of_messages_from_about_the_same_time_prove_nothing(campaign: Campaign) -> None:
    shop, ana = unresolved(campaign, phase=Phase.BEFORE)
    shop.clock.set(NOW + GRACE)
    shop.evidence.reported(NOW + LAG - timedelta(seconds=1))

    assert shop.advance(ana) == Waits(NOW + GRACE + PATIENCE)
    assert shop.mails == []


@BOTH
def test_when_nothing_else_was_sent_since_a_probe_shows_that_feedback_flows(campaign: Campaign) -> None:
    shop, ana = unresolved(campaign, phase=Phase.BEFORE, feedback=True)

    shop.carry(ana)

    assert shop.mails[0] == "welcome"
    assert shop.evidence.probes == [NOW + GRACE]
    assert shop.row(ana).sends["welcome"].status is SendStatus.SENT


@BOTH
def test_however_late_the_reconciler_looks_silence_is_an_unanswered_probe(campaign: Campaign) -> None:
    shop, ana = unresolved(campaign, phase=Phase.BEFORE, feedback=True)
    shop.clock.advance(days=3)

    shop.carry(ana)

    assert shop.mails[0] == "welcome"
    assert shop.row(ana).sends["welcome"].status is SendStatus.SENT


def test_while_feedback_is_silent_marketing_is_not_sent_again_and_is_shown_as_unknown() -> None:
    shop, ana = unresolved(MARKETING)

    shop.carry(ana)

    assert shop.mails == ["welcome"]
    unknown = shop.row(ana).sends["welcome"]
    assert (unknown.status, unknown.reason) == (SendStatus.UNKNOWN, "in_doubt")


def test_while_feedback_is_silent_a_transactional_message_is_sent_once_more_after_an_hour() -> None:
    shop, ana = unresolved(TRANSACTIONAL)
    for number in range(MOST_PROBES):
        look = NOW + GRACE + number * PATIENCE
        shop.clock.set(look)
        assert shop.advance(ana) == Waits(look + PATIENCE)
    shop.clock.set(look + PATIENCE)
    assert shop.advance(ana) == Waits(NOW + SILENCE)
    shop.clock.set(NOW + SILENCE)
    assert isinstance(shop.advance(ana), Over)

    assert shop.mails == ["welcome", "welcome"]
    assert shop.row(ana).sends["welcome"].status is SendStatus.SENT


def test_a_transactional_message_unresolved_twice_is_not_sent_a_third_time() -> None:
    shop, ana = unresolved(TRANSACTIONAL)
    shop.seams.at_next("send", Phase.AFTER, crash)

    shop.carry(ana)

    assert shop.mails == ["welcome", "welcome"]
    assert shop.row(ana).sends["welcome"].status is SendStatus.UNKNOWN


def test_what_is_proven_not_to_have_gone_was_no_attempt() -> None:
    shop, ana = unresolved(TRANSACTIONAL, phase=Phase.BEFORE, feedback=True)
    for _ in range(3):
        shop.seams.at_next("send", Phase.BEFORE, crash)
        shop.clock.advance(hours=1)
        shop.advance(ana)  # asks
        with pytest.raises(CrashError):
            shop.advance(ana)

    shop.carry(ana)

    assert shop.mails == ["welcome"]


@BOTH
def test_a_message_that_never_gets_an_answer_has_failed_after_five_tries_and_the_rest_goes_on(
    campaign: Campaign,
) -> None:
    shop, campaign = Shop(campaign), replace(campaign, steps=(send("welcome"), wait(days=2), send("next")))
    shop.campaigns.publish(campaign)
    ana = shop.enroll(campaign)
    shop.mailer.refuse_next(*(TimeoutError() for _ in range(MOST_TRIES)))

    shop.carry(ana)

    failed = shop.row(ana).sends["welcome"]
    assert (failed.status, failed.reason) == (SendStatus.FAILED, "no_answer")
    assert shop.mails == ["next"]


@BOTH
@pytest.mark.parametrize("proof", [status for status in SendStatus if status.went_out])
def test_feedback_that_comes_meanwhile_resolves_it(campaign: Campaign, proof: SendStatus) -> None:
    shop, ana = unresolved(campaign)
    report(shop.table, shop.row(ana).send_id("welcome"), proof, NOW, message_id="ses-1")

    shop.advance(ana)

    assert shop.mails == ["welcome"]
    assert shop.row(ana).sends["welcome"].status is proof
    assert shop.row(ana).step != "welcome"


def test_a_condition_that_has_turned_false_does_not_make_a_claimed_message_a_skipped_one() -> None:
    campaign = a_campaign(steps=(send_if("is_new", "welcome"),))
    shop, ana = unresolved(campaign, {"is_new": True})

    shop.expressions.answers["is_new"] = False
    shop.carry(ana)

    assert shop.row(ana).sends["welcome"].status is SendStatus.UNKNOWN
    assert shop.row(ana).skips == {}


def test_consent_withdrawn_meanwhile_does_not_hide_that_it_may_have_gone() -> None:
    shop, ana = unresolved(MARKETING)

    shop.change(marketing=False)
    shop.carry(ana)

    assert shop.row(ana).sends["welcome"].status is SendStatus.UNKNOWN
    assert list(shop.row(ana).skips) == ["next"]


@pytest.mark.parametrize("answer_lost", [TimeoutError, ConnectionResetError])
def test_a_lost_answer_of_the_mailer_leaves_the_same_claim_unresolved(
    answer_lost: Callable[[], Exception],
) -> None:
    shop = Shop(MARKETING, feedback=False)
    ana = shop.enroll(MARKETING)
    shop.mailer.refuse_next(answer_lost())

    with pytest.raises(OSError):  # noqa: PT011 - both are, and their words are the system's
        shop.advance(ana)

    assert shop.row(ana).sends["welcome"].status is SendStatus.CLAIMED
    shop.carry(ana)
    assert shop.mails == []
    assert shop.row(ana).sends["welcome"].status is SendStatus.UNKNOWN
