"""Incident 4: an old list is imported, and too many messages bounce."""

from e2e.own_campaigns import project_of
from e2e.shop import days, hours, minutes
from rehearsals.campaigns import GREETINGS, RECEIPTS
from rehearsals.incident import incident

CUSTOMERS = [f"c-{number}" for number in range(100)]
BOUNCED = CUSTOMERS[:6]
LATE = ["c-late-1", "c-late-2"]


def test_a_bounce_storm_holds_marketing_and_keeps_its_alarm_on_until_the_resume() -> None:
    with (
        project_of({"start": GREETINGS, "receipts": RECEIPTS}) as project,
        incident("bounce-storm", project=project) as it,
    ):
        for customer in CUSTOMERS:
            it.shop.signs_up(customer)
        it.waits(minutes(5))
        for customer in BOUNCED:
            it.cloud.ses_event("Email Bounced", it.shop.inbox(customer)[0].message_id)
        it.waits(hours(40))
        for customer in LATE:
            it.shop.signs_up(customer)
        it.shop.order("placed", LATE[0], "o-1")
        it.waits(hours(15))

        assert it.got(LATE) == {LATE[0]: ["receipt"], LATE[1]: []}
        assert it.ringing() == {"BreakerOpenAlarm"}, "it stays on while marketing is paused"
        assert it.rang()["BreakerOpenAlarm"] - it.since <= hours(1)
        assert len(it.cloud.alarms["BreakerOpenAlarm"].rang) == 1
        assert "bounces" in it.types("outreach sending status")
        it.types("outreach campaigns pause start --reason 'a list of 2019 was imported'")
        it.types("outreach sending resume")
        it.types("outreach campaigns resume start")
        it.waits(minutes(70))
        assert it.got(LATE) == {LATE[0]: ["receipt", "hello"], LATE[1]: ["hello"]}
        it.waits(days(3))
        assert it.got(CUSTOMERS) == {
            each: ["hello"] if each in BOUNCED else ["hello", "tips"] for each in CUSTOMERS
        }
        assert it.ringing() == set()
