"""Incident 2, the second half: the quota of a new account is too small for a launch."""

from e2e.own_campaigns import project_of
from e2e.shop import days, hours, minutes
from local_cloud import SesAccount
from rehearsals.campaigns import GREETINGS, RECEIPTS
from rehearsals.incident import incident

CUSTOMERS = [f"c-{number}" for number in range(30)]
BUYERS = CUSTOMERS[:4]


def test_messages_that_the_quota_holds_are_reported_at_once_and_those_that_expire_can_be_sent() -> None:
    with (
        project_of({"start": GREETINGS, "receipts": RECEIPTS}) as project,
        incident("small-quota", project=project, ses=SesAccount(max_24_hour_send=20)) as it,
    ):
        for customer in CUSTOMERS:
            it.shop.signs_up(customer)
        it.waits(hours(2))
        assert it.rang()["QuotaAlarm"] - it.since <= hours(2)
        for customer in BUYERS:
            it.shop.order("placed", customer, f"o-{customer}")
        it.waits(minutes(10))

        assert len([each for each in BUYERS if "receipt" in it.got([each])[each]]) == 1
        assert {"QuotaAlarm", "TransactionalNotSentAlarm"} <= it.ringing()
        assert "20" in it.types("outreach sending limits")
        it.waits(days(2))
        assert "MarketingExpiredAlarm" in it.rang()
        expired = [each for each in CUSTOMERS if "hello" not in it.got([each])[each]]
        assert expired
        assert all("receipt" in got for got in it.got(BUYERS).values())

        it.types("outreach sends retry --skipped too_late --dry-run")
        it.types("outreach sends retry --skipped too_late")
        it.waits(days(4))
        assert all("hello" in got for got in it.got(CUSTOMERS).values()), it.got(expired)
        assert it.twice() == []
        assert it.ringing() == set()
