"""When a claim is judged, and how: by the marks of both sources, by probes, by its class."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW, a_send
from outreach.domain.feedback.health import (
    BACKLOG_ENDS,
    SILENT_AFTER,
    SLOT_LENGTH,
    FeedbackHealth,
    expected_slots,
    slot_start,
    slots_of,
    was_unreported,
)
from outreach.domain.feedback.report import Clicked, Delivered, Feedback, Report, ReportSource, Sent
from outreach.domain.sending.send import SendStatus
from outreach.domain.sending.unresolved_claim import (
    GRACE,
    LAG,
    LATE,
    LATE_TRANSACTIONAL,
    LONGEST_BACKLOG,
    MOST_ATTEMPTS,
    MOST_PROBES,
    PATIENCE,
    SILENCE,
    ClaimVerdict,
    StillUnresolved,
    resolve,
)

CLAIMED = a_send(SendStatus.CLAIMED, at=NOW)
EVENTBRIDGE, SNS = ReportSource
FLOWS = FeedbackHealth(dict.fromkeys(ReportSource, NOW + LAG))
CLASSES = pytest.mark.parametrize("is_marketing", [True, False], ids=["marketing", "transactional"])
probes = st.lists(st.integers(0, 20), max_size=MOST_PROBES).map(
    lambda steps: tuple(NOW + PATIENCE * step for step in sorted(steps))
)
instants = st.integers(0, 60 * 12).map(lambda minutes: NOW + timedelta(minutes=minutes))
healths = st.builds(
    FeedbackHealth,
    marks=st.dictionaries(st.sampled_from(ReportSource), instants),
    behind_at=st.none() | instants,
    probes=probes,
)


def judged(health: FeedbackHealth, age: timedelta, *, is_marketing: bool) -> ClaimVerdict | StillUnresolved:
    return resolve(CLAIMED, is_marketing=is_marketing, health=health, now=NOW + age)


@pytest.mark.parametrize(
    ("is_marketing", "old_enough"), [(True, LATE), (False, LATE_TRANSACTIONAL)], ids=["marketing", "order"]
)
def test_when_both_sources_report_later_messages_it_never_went(
    is_marketing: bool, old_enough: timedelta
) -> None:
    assert judged(FLOWS, old_enough, is_marketing=is_marketing) is ClaimVerdict.NEVER_WENT
    too_young = old_enough - timedelta(seconds=1)
    assert judged(FLOWS, too_young, is_marketing=is_marketing) == StillUnresolved(NOW + old_enough)


@CLASSES
@pytest.mark.parametrize("short", [None, NOW, NOW + LAG - timedelta(milliseconds=1)])
@pytest.mark.parametrize("source", ReportSource)
def test_one_mark_that_is_not_five_minutes_past_the_claim_is_enough_to_prove_nothing(
    source: ReportSource, short: datetime | None, is_marketing: bool
) -> None:
    marks = {**FLOWS.marks, source: short}
    health = FeedbackHealth({each: mark for each, mark in marks.items() if mark is not None})

    assert judged(health, LATE, is_marketing=is_marketing) == StillUnresolved(
        NOW + LATE + PATIENCE, wants_probe=True
    )


@CLASSES
def test_three_probes_ten_minutes_apart_come_before_the_class_decides(is_marketing: bool) -> None:
    health, age = FeedbackHealth(), GRACE
    for _ in range(MOST_PROBES):
        wanted = StillUnresolved(NOW + age + PATIENCE, wants_probe=True)
        assert judged(health, age, is_marketing=is_marketing) == wanted
        health = replace(health, probes=(*health.probes, NOW + age))
        almost = age + PATIENCE - timedelta(seconds=1)
        assert isinstance(judged(health, almost, is_marketing=is_marketing), StillUnresolved)
        age += PATIENCE
    assert judged(health, age, is_marketing=is_marketing) == StillUnresolved(NOW + SILENCE)

    finding = judged(health, SILENCE, is_marketing=is_marketing)

    assert finding is (ClaimVerdict.GIVE_UP if is_marketing else ClaimVerdict.TRY_AGAIN)


def test_what_was_unresolved_before_is_recorded_as_unknown() -> None:
    health = FeedbackHealth(probes=tuple(NOW + GRACE + PATIENCE * number for number in range(3)))
    again = replace(CLAIMED, attempts=MOST_ATTEMPTS)

    assert resolve(again, is_marketing=False, health=health, now=NOW + SILENCE) is ClaimVerdict.GIVE_UP


@CLASSES
def test_probes_from_before_the_claim_could_be_reported_do_not_count(is_marketing: bool) -> None:
    health = FeedbackHealth(probes=(NOW - LAG, NOW, NOW + LAG - timedelta(seconds=1)))

    assert judged(health, LATE, is_marketing=is_marketing) == StillUnresolved(
        NOW + LATE + PATIENCE, wants_probe=True
    )


@CLASSES
def test_until_sixteen_minutes_after_the_last_sign_of_a_backlog_nothing_is_judged(is_marketing: bool) -> None:
    seen_at = LATE - BACKLOG_ENDS
    health = replace(FLOWS, behind_at=NOW + seen_at)

    just_before = LATE - timedelta(seconds=1)
    assert judged(health, just_before, is_marketing=is_marketing) == StillUnresolved(NOW + LATE)
    assert judged(health, LATE, is_marketing=is_marketing) is ClaimVerdict.NEVER_WENT


@given(health=healths, minutes=st.integers(0, 60 * 24), is_marketing=st.booleans())
def test_nothing_is_ever_judged_never_to_have_gone_without_both_sources(
    health: FeedbackHealth, minutes: int, is_marketing: bool
) -> None:
    now = NOW + timedelta(minutes=minutes)
    finding = resolve(CLAIMED, is_marketing=is_marketing, health=health, now=now)
    if isinstance(finding, StillUnresolved):
        assert finding.look_again_at > now, "or a machine would look without a pause"
    if finding is ClaimVerdict.NEVER_WENT:
        assert min(health.marks.get(source, NOW) for source in ReportSource) >= NOW + LAG
        assert now >= NOW + (LATE if is_marketing else LATE_TRANSACTIONAL)
        assert not health.is_behind(now)
    if is_marketing:
        assert finding is not ClaimVerdict.TRY_AGAIN


@given(health=healths, is_marketing=st.booleans())
def test_every_claim_is_judged_in_the_end(health: FeedbackHealth, is_marketing: bool) -> None:
    now = NOW + GRACE
    for _ in range(20):
        finding = resolve(CLAIMED, is_marketing=is_marketing, health=health, now=now)
        if not isinstance(finding, StillUnresolved):
            return
        if finding.wants_probe:
            health = replace(health, probes=(*health.probes, now)[-MOST_PROBES:])
        now = finding.look_again_at
    raise AssertionError(f"still unresolved at {now}")


def test_a_backlog_without_an_end_holds_a_claim_for_six_hours() -> None:
    for hours in range(1, 7):
        age = timedelta(hours=hours)
        health = replace(FLOWS, behind_at=NOW + age)
        held = isinstance(judged(health, age, is_marketing=True), StillUnresolved)
        assert held is (age < LONGEST_BACKLOG)


def a_report(feedback: Feedback, source: ReportSource | None = EVENTBRIDGE) -> Report:
    return Report(feedback, "ses-1", NOW, source=source)


@pytest.mark.parametrize(
    ("report", "slots"),
    [
        (a_report(Sent(NOW)), {(EVENTBRIDGE, NOW)}),
        (a_report(Delivered(NOW + SLOT_LENGTH), SNS), {(SNS, NOW)}),
        (a_report(Clicked(NOW + SLOT_LENGTH + timedelta(seconds=1))), set()),
        (a_report(Sent(NOW), None), set()),
    ],
)
def test_a_report_of_what_happened_at_once_shows_that_its_source_flowed(
    report: Report, slots: set[tuple[ReportSource, datetime]]
) -> None:
    assert slots_of([report]) == slots


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001 - made aware
def test_every_instant_lies_in_its_slot(naive: datetime) -> None:
    at = naive.replace(tzinfo=NOW.tzinfo)
    start = slot_start(at)

    assert start <= at < start + SLOT_LENGTH
    assert start.minute % 5 == start.second == start.microsecond == 0


SINCE = dict.fromkeys(ReportSource, NOW - timedelta(days=1))
LATER = NOW + timedelta(minutes=4)
"""Claimed then, it may be sent in this slot or the next."""


@pytest.mark.parametrize(
    ("since", "reported", "unreported"),
    [
        (SINCE, {(EVENTBRIDGE, NOW), (SNS, NOW)}, False),
        (SINCE, {(EVENTBRIDGE, NOW + SLOT_LENGTH), (SNS, NOW)}, False),
        (SINCE, {(EVENTBRIDGE, NOW)}, True),
        (SINCE, {(EVENTBRIDGE, NOW), (SNS, NOW - SLOT_LENGTH)}, True),
        (SINCE, set(), True),
        ({}, set(), False),
        ({EVENTBRIDGE: NOW - timedelta(days=1)}, {(EVENTBRIDGE, NOW)}, False),
        ({**SINCE, SNS: NOW + timedelta(minutes=1)}, {(EVENTBRIDGE, NOW)}, False),
    ],
)
def test_each_source_must_have_reported_where_ses_took_messages_since_it_is_received(
    since: dict[ReportSource, datetime], reported: set[tuple[ReportSource, datetime]], unreported: bool
) -> None:
    assert was_unreported(expected_slots([LATER], since), reported) is unreported


@pytest.mark.parametrize(
    ("marks", "since", "silent"),
    [
        ({}, {}, set()),
        ({EVENTBRIDGE: NOW}, {}, set()),
        ({EVENTBRIDGE: NOW}, {EVENTBRIDGE: NOW - SILENT_AFTER}, set()),
        ({EVENTBRIDGE: NOW}, {EVENTBRIDGE: NOW - 2 * SILENT_AFTER}, {SNS}),
        ({EVENTBRIDGE: NOW, SNS: NOW - SILENT_AFTER}, SINCE, set()),
        ({EVENTBRIDGE: NOW, SNS: NOW - SILENT_AFTER - timedelta(seconds=1)}, SINCE, {SNS}),
        ({EVENTBRIDGE: NOW - 2 * SILENT_AFTER, SNS: NOW}, SINCE, {EVENTBRIDGE}),
    ],
)
def test_a_source_is_silent_when_the_other_reports_messages_of_an_hour_later(
    marks: dict[ReportSource, datetime], since: dict[ReportSource, datetime], silent: set[ReportSource]
) -> None:
    assert FeedbackHealth(marks, since).silent_sources() == silent
