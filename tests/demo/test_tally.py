"""The figures: counted over enrollments as they stand and over earlier runs."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from builders import NOW, a_campaign, a_send, an_enrollment
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId, HoldReason, Skip, SkipReason
from outreach.domain.sending.gate import is_held_out
from outreach.domain.sending.send import SendStatus
from outreach_tools.demo.tally import tally


def a_run(customer_id: str, number: int = 1, **fields: Any) -> Enrollment:
    enrollment_id = EnrollmentId(customer_id, "win-back", customer_id)
    return replace(an_enrollment(), id=enrollment_id, run=number, **fields)


def test_earlier_runs_count_as_sends_but_not_as_enrollments() -> None:
    sent = {"we-miss-you": replace(a_send(SendStatus.DELIVERED), message="we-miss-you")}
    runs = [a_run("c-1", 2, sends=sent), a_run("c-1", 1, sends=sent), a_run("c-2")]
    figures = tally(runs, [a_campaign("win-back")])["win-back"]
    assert (figures.enrolled, figures.sent) == (2, Counter({"we-miss-you": 2}))


def test_only_what_went_out_counts_as_sent() -> None:
    statuses = (
        SendStatus.CLAIMED,
        SendStatus.DEFERRED,
        SendStatus.FAILED,
        SendStatus.SENT,
        SendStatus.OPENED,
    )
    sends = {status.value: replace(a_send(status), message=status.value) for status in statuses}
    figures = tally([a_run("c-1", sends=sends)], [a_campaign("win-back")])["win-back"]
    assert set(figures.sent) == {"sent", "opened"}


def test_holds_skips_and_goals_are_added_up() -> None:
    skips = {"a": Skip(SkipReason.CONDITION, NOW), "b": Skip(SkipReason.EXPIRED, NOW)}
    holds = {HoldReason.CAP: 2, HoldReason.WINDOW: 1}
    runs = [
        a_run("c-1", skips=skips, holds=holds),
        a_run("c-2", skips=skips, goal_at=NOW + timedelta(days=1)),
    ]
    figures = tally(runs, [a_campaign("win-back")])["win-back"]
    assert (figures.held, figures.goals) == (3, 1)
    assert figures.skipped == Counter({"condition": 2, "expired": 2})


def test_the_holdout_is_named_and_no_other_customer() -> None:
    campaign = a_campaign("win-back", holdout=0.5)
    customers = [f"c-{number}" for number in range(20)]
    figures = tally([a_run(each) for each in customers], [campaign])["win-back"]
    assert figures.holdout == sorted(each for each in customers if is_held_out(campaign, each))
    assert 0 < len(figures.holdout) < 20


def test_a_campaign_without_enrollments_is_reported_too() -> None:
    assert tally([], [a_campaign("tutorial")])["tutorial"].enrolled == 0
