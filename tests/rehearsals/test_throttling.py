"""Incident 7: AWS throttles a third of all calls for two hours, and the operator comes four days later."""

from e2e.own_campaigns import project_of
from e2e.shop import days, hours, minutes
from local_cloud import Outage
from rehearsals.campaigns import NEWS, RECEIPTS
from rehearsals.incident import incident

CUSTOMERS = [f"c-{number}" for number in range(8)]


def test_after_throttling_every_customer_gets_every_message_once() -> None:
    with (
        project_of({"news": NEWS, "receipts": RECEIPTS}) as project,
        incident("throttling", project=project) as it,
    ):
        outage = Outage(share=0.35)
        it.cloud.faults.append(outage)
        for customer in CUSTOMERS:
            it.shop.signs_up(customer)
            it.waits(minutes(7))
            it.shop.order("placed", customer, f"o-{customer}")
            it.waits(minutes(7))
        it.waits(minutes(8))
        it.cloud.faults.remove(outage)
        it.waits(days(4))

        assert it.rang()["EventsRefusedAlarm"] - it.since <= hours(2)
        assert "no reason recorded" in it.types("outreach redrive --dry-run")
        it.types("outreach redrive")
        it.waits(minutes(5))
        it.types("outreach sends retry --skipped no_address --dry-run")
        it.types("outreach sends retry --skipped no_address")
        it.types("outreach journeys check --begin-again")
        it.types("outreach sweeps start")
        it.waits(days(4))
        assert {each: sorted(got) for each, got in it.got(CUSTOMERS).items()} == {
            each: ["first-news", "how-it-was", "receipt", "second-news"] for each in CUSTOMERS
        }
        assert it.cloud.refused == ()
        assert it.twice() == []
        assert it.ringing() == set()
