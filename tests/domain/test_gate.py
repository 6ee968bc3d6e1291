"""The gate: may this send go out now, and if not, why not and when."""

from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from builders import NOW, a_campaign, a_customer, an_enrollment
from outreach.domain.intake.customer import Customer, SuppressionReason
from outreach.domain.journeys.campaign import ALWAYS, Campaign, MessageClass, SendStep
from outreach.domain.journeys.enrollment import (
    Enrollment,
    EnrollmentStatus,
    HoldReason,
    LeaveReason,
    SkipReason,
)
from outreach.domain.operations.customer_stops import ALL_CAMPAIGNS, Stop
from outreach.domain.sending.delivery_hours import ANY_TIME, DeliveryHours
from outreach.domain.sending.gate import PAUSE_RECHECK, Hold, Pass, Refuse, Rules, Verdict, gate

UTC_ZONE = ZoneInfo("UTC")
STEP = SendStep("welcome", "welcome", ALWAYS)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TRANSACTIONAL = {"message_class": MessageClass.TRANSACTIONAL}
LEFT = an_enrollment().ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, NOW)


def asked(
    *,
    campaign: Campaign | None = None,
    step: SendStep = STEP,
    enrollment: Enrollment | None = None,
    customer: Customer | None = None,
    rules: Rules | None = None,
    after: timedelta = timedelta(0),
) -> Verdict:
    return gate(
        campaign or a_campaign(),
        step,
        enrollment or an_enrollment(),
        customer or a_customer(),
        rules or Rules(),
        UTC_ZONE,
        NOW + after,
    )


def test_a_subscribed_customer_in_an_open_window_gets_the_mail() -> None:
    assert asked() == Pass()


@pytest.mark.parametrize(
    ("customer", "reason"),
    [
        pytest.param(a_customer(erased_at=NOW), SkipReason.ERASED, id="erased"),
        pytest.param(
            a_customer(suppression=SuppressionReason.HARD_BOUNCE), SkipReason.SUPPRESSED, id="bounced"
        ),
        pytest.param(
            a_customer(suppression=SuppressionReason.COMPLAINT), SkipReason.SUPPRESSED, id="complained"
        ),
        pytest.param(
            a_customer(stops={"onboarding": Stop(NOW, "olga")}), SkipReason.STOPPED, id="stopped here"
        ),
        pytest.param(
            a_customer(stops={ALL_CAMPAIGNS: Stop(NOW, "olga")}), SkipReason.STOPPED, id="stopped everywhere"
        ),
    ],
)
@pytest.mark.parametrize("message_class", list(MessageClass))
def test_some_customers_get_no_mail_of_any_class(
    customer: Customer, reason: SkipReason, message_class: MessageClass
) -> None:
    assert asked(campaign=a_campaign(message_class=message_class), customer=customer) == Refuse(reason)


@pytest.mark.parametrize(
    "customer",
    [
        pytest.param(a_customer(consent=None), id="never asked"),
        pytest.param(a_customer(marketing=False), id="said no"),
        pytest.param(a_customer(topics_off=frozenset({"getting-started"})), id="topic off"),
    ],
)
def test_marketing_needs_a_yes_and_transactional_does_not(customer: Customer) -> None:
    assert asked(customer=customer) == Refuse(SkipReason.NOT_SUBSCRIBED)
    assert asked(campaign=a_campaign(**TRANSACTIONAL), customer=customer) == Pass()


def test_another_topic_being_off_stops_nothing() -> None:
    assert asked(customer=a_customer(topics_off=frozenset({"offers"}))) == Pass()


def test_who_left_gets_nothing_more() -> None:
    assert asked(enrollment=LEFT) == Refuse(SkipReason.LEFT)
    assert asked(enrollment=LEFT, campaign=a_campaign(**TRANSACTIONAL)) == Refuse(SkipReason.LEFT)


def test_who_is_held_out_is_spared_and_the_reports_know_why() -> None:
    everybody = a_campaign(holdout=1.0)

    assert asked(campaign=everybody) == Refuse(SkipReason.HOLDOUT)
    assert asked(campaign=replace(everybody, **TRANSACTIONAL)) == Pass()


def test_what_is_too_late_is_skipped() -> None:
    step = replace(STEP, valid_for=2 * DAY)

    assert asked(step=step, after=2 * DAY - HOUR) == Pass()
    assert asked(step=step, after=2 * DAY) == Refuse(SkipReason.EXPIRED)


REFUSALS_IN_ORDER = [
    (SkipReason.ERASED, {"customer": {"erased_at": NOW}}),
    (SkipReason.SUPPRESSED, {"customer": {"suppression": SuppressionReason.MANUAL}}),
    (SkipReason.LEFT, {"enrollment": LEFT}),
    (SkipReason.NOT_SUBSCRIBED, {"customer": {"marketing": False}}),
    (SkipReason.HOLDOUT, {"campaign": {"holdout": 1.0}}),
    (SkipReason.NO_ADDRESS, {"customer": {"email": None}}),
    (SkipReason.EXPIRED, {"step": replace(STEP, valid_for=HOUR)}),
]


@pytest.mark.parametrize("first", range(len(REFUSALS_IN_ORDER)))
def test_the_first_reason_in_the_designs_order_is_the_one_that_is_returned(first: int) -> None:
    """All reasons from `first` on hold at once, and sending is paused besides."""
    because = [facts for _, facts in REFUSALS_IN_ORDER[first:]]
    customer: dict[str, object] = {}
    for each in because:
        customer |= each.get("customer", {})  # type: ignore[operator]  # the values differ by design
    verdict = asked(
        customer=a_customer(**customer),
        enrollment=LEFT if first <= 2 else None,
        campaign=a_campaign(holdout=1.0 if first <= 4 else 0.0),
        step=replace(STEP, valid_for=HOUR),
        rules=Rules(all_paused=True),
        after=DAY,
    )

    assert verdict == Refuse(REFUSALS_IN_ORDER[first][0])


@pytest.mark.parametrize("message_class", list(MessageClass))
@pytest.mark.parametrize(
    ("valid_for", "waits"), [(None, 3 * DAY), (7 * DAY, 3 * DAY), (3 * HOUR, 3 * HOUR)], ids=str
)
def test_without_an_address_a_message_waits_for_one_within_its_time_and_three_days_at_most(
    message_class: MessageClass, valid_for: timedelta | None, waits: timedelta
) -> None:
    def after(passed: timedelta) -> Verdict:
        return asked(
            campaign=a_campaign(message_class=message_class),
            step=replace(STEP, valid_for=valid_for),
            customer=a_customer(email=None),
            rules=Rules(all_paused=True),
            after=passed,
        )

    assert after(timedelta(0)) == after(waits - HOUR) == Hold(NOW + waits, HoldReason.NO_ADDRESS)
    assert after(waits) == Refuse(SkipReason.NO_ADDRESS)


def test_a_pause_holds_and_looks_again_within_the_hour() -> None:
    held = Hold(NOW + PAUSE_RECHECK, HoldReason.PAUSED)

    assert asked(rules=Rules(marketing_paused=True)) == held
    assert asked(rules=Rules(all_paused=True)) == held
    assert asked(rules=Rules(all_paused=True), campaign=a_campaign(**TRANSACTIONAL)) == held
    assert asked(rules=Rules(marketing_paused=True), campaign=a_campaign(**TRANSACTIONAL)) == Pass()


def test_closed_hours_hold_until_the_window_opens() -> None:
    afternoons = a_campaign(window=DeliveryHours(time(13), time(18)), priority=100)

    assert asked(campaign=afternoons) == Hold(NOW + 4 * HOUR, HoldReason.WINDOW)
    assert asked(campaign=replace(afternoons, **TRANSACTIONAL)) == Pass()


def test_a_steps_own_window_goes_before_the_campaigns() -> None:
    afternoons = a_campaign(window=DeliveryHours(time(13), time(18)))

    assert asked(campaign=afternoons, step=replace(STEP, window=ANY_TIME)) == Pass()


def test_the_cap_holds_until_there_is_room() -> None:
    mailed_at_eight = a_customer(mailed_at=(NOW - HOUR,))

    assert asked(customer=mailed_at_eight, campaign=a_campaign(priority=100)) == Hold(
        NOW + 23 * HOUR, HoldReason.CAP
    )
    assert asked(customer=mailed_at_eight, campaign=a_campaign(**TRANSACTIONAL)) == Pass()


def test_room_that_comes_in_closed_hours_waits_for_the_window_and_keeps_the_order_of_priorities() -> None:
    mailed_last_night = a_customer(mailed_at=(NOW - timedelta(hours=2),))
    window = DeliveryHours(time(8), time(9, 30))  # there is room again at seven in the morning
    after = timedelta(minutes=10)
    holds = [
        asked(customer=mailed_last_night, campaign=a_campaign(window=window, priority=priority), after=after)
        for priority in (90, 10)
    ]

    assert holds == [
        Hold(NOW + 23 * HOUR + timedelta(minutes=1), HoldReason.CAP),
        Hold(NOW + 23 * HOUR + timedelta(minutes=9), HoldReason.CAP),
    ]


def test_nothing_is_held_longer_than_it_is_valid() -> None:
    step = replace(STEP, valid_for=HOUR)

    assert asked(step=step, campaign=a_campaign(window=DeliveryHours(time(20), time(21)))) == Hold(
        NOW + HOUR, HoldReason.WINDOW
    )
