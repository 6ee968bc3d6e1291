"""Incident 3: a producer sends malformed events, with good ones between."""

from e2e.own_campaigns import project_of
from e2e.shop import days, hours, minutes
from rehearsals.campaigns import GREETINGS
from rehearsals.incident import incident

GOOD = [f"c-{number}" for number in range(5)]
MALFORMED = 40


def test_malformed_events_hold_up_no_good_one_and_each_new_one_raises_the_alarm() -> None:
    with project_of({"start": GREETINGS}) as project, incident("malformed-events", project=project) as it:
        for number in range(MALFORMED):
            it.shop.tells("customer.signed_up", f"c-bad-{number}", event_id=f"bad_{number:02}", colour="red")
            if number % 8 == 0:
                it.shop.signs_up(GOOD[number // 8])
        it.waits(minutes(5))

        assert it.got(GOOD) == {each: ["hello"] for each in GOOD}
        it.waits(minutes(10))
        assert it.rang()["EventsRefusedAlarm"] - it.since <= minutes(15)
        assert f"{MALFORMED}" in it.types("outreach redrive --dry-run")
        assert "bad_07" in it.types("outreach redrive --dry-run --each")
        it.waits(hours(1))
        assert it.ringing() == set(), "the alarm is free for those that are new"

        sent_back = it.asks("outreach redrive")
        assert len(it.cloud.refused) == MALFORMED, "sent back as they are, they come back"
        assert sent_back["came_back"]["same_reason"] == MALFORMED
        it.waits(hours(1))
        it.types("outreach redrive --only bad_06 --only bad_07")
        it.types('outreach redrive --drop bad_06 --reason "a test of the till"')
        it.types('outreach redrive --drop-all --reason "the old importer, switched off"')
        assert it.cloud.refused == ()
        assert "the old importer, switched off" in it.types("outreach redrive --dropped")

        it.waits(hours(1))
        again_at = it.shop.now
        it.shop.tells("customer.signed_up", "c-bad", colour="red")
        it.waits(minutes(15))
        assert max(it.cloud.alarms["EventsRefusedAlarm"].rang) > again_at
        it.waits(days(3))
        assert it.got(GOOD) == {each: ["hello", "tips"] for each in GOOD}
        assert it.ringing() == set()
