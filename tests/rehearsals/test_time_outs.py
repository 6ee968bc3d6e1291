"""Incident 8: the function that advances enrollments times out, for thirty hours."""

from e2e.own_campaigns import project_of
from e2e.shop import days, hours
from local_cloud import Outage
from rehearsals.campaigns import GREETINGS, RECEIPTS
from rehearsals.incident import incident

CUSTOMERS = [f"c-{number}" for number in range(5)]


def test_after_thirty_hours_of_time_outs_every_message_is_sent_once() -> None:
    with (
        project_of({"start": GREETINGS, "receipts": RECEIPTS}) as project,
        incident("time-outs", project=project) as it,
    ):
        outage = Outage(function="AdvanceEnrollmentFunction", when="timeout")
        it.cloud.faults.append(outage)
        for customer in CUSTOMERS:
            it.shop.signs_up(customer)
        it.shop.order("placed", CUSTOMERS[0], "o-1")
        it.waits(hours(30))
        assert it.cloud.outbox == ()
        assert it.rang()["JourneysFailedAlarm"] - it.since <= hours(13)

        it.cloud.faults.remove(outage)
        it.types("outreach journeys check --begin-again")
        it.waits(hours(2))
        assert it.got(CUSTOMERS[:1]) == {CUSTOMERS[0]: ["receipt"]}
        it.types("outreach sends retry --skipped too_late --dry-run")
        it.types("outreach sends retry --skipped too_late")
        it.waits(days(4))
        assert it.got(CUSTOMERS[1:]) == {each: ["hello", "tips"] for each in CUSTOMERS[1:]}
        assert sorted(it.got(CUSTOMERS[:1])[CUSTOMERS[0]]) == ["hello", "how-it-was", "receipt", "tips"]
        assert it.twice() == []
        assert it.ringing() == set()


def test_after_eight_hours_of_time_outs_every_message_goes_by_itself_within_six_hours() -> None:
    with (
        project_of({"start": GREETINGS, "receipts": RECEIPTS}) as project,
        incident("time-outs", project=project, ends_by_itself=True) as it,
    ):
        outage = Outage(function="AdvanceEnrollmentFunction", when="timeout")
        it.cloud.faults.append(outage)
        for customer in CUSTOMERS:
            it.shop.signs_up(customer)
        it.shop.order("placed", CUSTOMERS[0], "o-1")
        it.waits(hours(8))
        assert it.cloud.outbox == ()
        assert "JourneysFailedAlarm" in it.rang()

        it.cloud.faults.remove(outage)
        it.waits(hours(6))
        assert sorted(it.got(CUSTOMERS[:1])[CUSTOMERS[0]]) == ["hello", "receipt"]
        assert it.got(CUSTOMERS[1:]) == {each: ["hello"] for each in CUSTOMERS[1:]}
        it.waits(days(1))
        assert it.ringing() == set()
        assert it.twice() == []
