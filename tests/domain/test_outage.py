"""An outage: how long messages wait, and when one may try."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from builders import NOW, a_campaign, a_customer, an_enrollment
from outreach.domain.journeys.campaign import ALWAYS, MessageClass, SendStep
from outreach.domain.journeys.enrollment import HoldReason
from outreach.domain.sending.gate import Hold, Pass, Rules, gate
from outreach.domain.sending.outage import FIRST_RETRY, LONGEST_RETRY, TRY_TAKES, Outage, outage_after

OUTAGE = Outage("AccountSuspendedException", NOW, NOW + FIRST_RETRY)


def test_the_first_refusal_begins_it() -> None:
    assert outage_after(None, "AccountSuspendedException", NOW) == OUTAGE


def test_those_who_were_on_their_way_when_it_began_add_nothing_to_it() -> None:
    later = NOW + timedelta(seconds=4)

    assert outage_after(OUTAGE, "AccountSuspendedException", later) == OUTAGE


def test_each_try_in_vain_makes_the_next_one_later_up_to_an_hour() -> None:
    outage, pauses = OUTAGE, []
    for _ in range(20):
        now = outage.retry_at
        outage = outage_after(outage.tried(now), "SendingPausedException", now + timedelta(seconds=1))
        pauses.append(outage.retry_at - now - timedelta(seconds=1))

    assert pauses[:4] == [timedelta(minutes=minutes) for minutes in (10, 20, 40, 60)]
    assert set(pauses[4:]) == {LONGEST_RETRY}
    assert (outage.since, outage.reason) == (NOW, "SendingPausedException")


@pytest.mark.parametrize("message_class", list(MessageClass))
@pytest.mark.parametrize(
    ("outage", "after", "verdict"),
    [
        (OUTAGE, timedelta(0), Hold(NOW + FIRST_RETRY + TRY_TAKES, HoldReason.PAUSED)),
        (OUTAGE, FIRST_RETRY, Pass()),
        (
            OUTAGE.tried(NOW + FIRST_RETRY),
            FIRST_RETRY,
            Hold(NOW + FIRST_RETRY + TRY_TAKES, HoldReason.PAUSED),
        ),
        (
            OUTAGE.tried(NOW + FIRST_RETRY),
            FIRST_RETRY + TRY_TAKES,
            Pass(),
        ),  # the process that tried has crashed
    ],
)
def test_mail_of_every_class_is_held_until_it_is_known_how_the_next_try_went(
    message_class: MessageClass, outage: Outage, after: timedelta, verdict: Hold | Pass
) -> None:
    campaign, step = a_campaign(message_class=message_class), SendStep("welcome", "welcome", ALWAYS)

    answer = gate(
        campaign, step, an_enrollment(), a_customer(), Rules(outage=outage), ZoneInfo("UTC"), NOW + after
    )

    assert answer == verdict
