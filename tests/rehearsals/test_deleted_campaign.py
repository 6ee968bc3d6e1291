"""Incident 9: a deployment lacks two campaigns in which customers are active."""

from e2e.own_campaigns import project_of
from e2e.shop import days, hours
from rehearsals.campaigns import GREETINGS, NEWS, RECEIPTS
from rehearsals.incident import incident

CUSTOMERS = [f"c-{number}" for number in range(6)]


def test_customers_of_a_deleted_campaign_go_on_once_its_folder_is_back() -> None:
    with (
        project_of({"start": GREETINGS, "news": NEWS, "receipts": RECEIPTS}) as project,
        incident("deleted-campaign", project=project) as it,
    ):
        for customer in CUSTOMERS:
            it.shop.signs_up(customer)
        it.waits(hours(26))
        assert it.got(CUSTOMERS) == {each: ["hello", "first-news"] for each in CUSTOMERS}
        templates = project / "templates"
        for campaign in ("start", "news"):
            (templates / campaign).rename(project / campaign)
        it.cloud.deploy_code()
        it.waits(days(4))

        assert {"JourneysFailedAlarm", "StuckAlarm"} <= set(it.rang())
        assert "StuckAlarm" in it.ringing()
        it.types("outreach journeys check")
        for campaign in ("start", "news"):
            (project / campaign).rename(templates / campaign)
        it.cloud.deploy_code()
        it.types("outreach journeys check --begin-again")
        it.types("outreach sweeps start")
        it.waits(days(2))  # one marketing message a day
        assert {each: sorted(got) for each, got in it.got(CUSTOMERS).items()} == {
            each: ["first-news", "hello", "second-news", "tips"] for each in CUSTOMERS
        }
        assert it.ringing() == set()
        assert it.twice() == []
