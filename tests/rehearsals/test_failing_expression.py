"""Incident 6: conditions of campaigns cannot be evaluated with the facts of some customers."""

from e2e.own_campaigns import project_of
from e2e.shop import days, hours
from rehearsals.campaigns import GREETINGS, add_samples
from rehearsals.incident import incident

CONDITION = "customer.attributes.points > 100"
START = f"{GREETINGS}    if: {CONDITION}\n"
OFFERS = f"""
class: marketing
topic: offers
trigger: customer.signed_up
key: customer.id
reentry: never
driver: workflow
window: any
priority: 40
only_if: {CONDITION}
steps:
  - wait: 1h
  - send: offer
"""
CUSTOMERS = [f"c-{number}" for number in range(12)]
WITH_TEXT = CUSTOMERS[::3]


def test_customers_whose_facts_did_not_fit_an_expression_get_everything_after_the_correction() -> None:
    with (
        project_of({"start": START, "offers": OFFERS}) as project,
        incident("failing-expression", project=project) as it,
    ):
        for customer in CUSTOMERS:
            it.shop.signs_up(customer, points="120" if customer in WITH_TEXT else 120)
        it.waits(days(3))

        assert it.got(CUSTOMERS) == {
            each: ["hello"] if each in WITH_TEXT else ["hello", "offer", "tips"] for each in CUSTOMERS
        }
        assert it.rang()["ExpressionsFailedAlarm"] - it.since <= hours(1)
        assert it.rang()["EventsRefusedAlarm"] - it.since <= hours(1)
        assert "only_if" in it.types("outreach redrive --dry-run")
        assert "expression_failed" in it.types("outreach sends retry --skipped expression_failed --dry-run")

        for campaign in ("start", "offers"):
            file = project / "templates" / campaign / "campaign.yaml"
            file.write_text(file.read_text().replace(CONDITION, "customer.attributes.points"))
        add_samples(project)
        it.types("outreach templates check")
        it.cloud.deploy_code()
        it.types("outreach sends retry --skipped expression_failed")
        it.types("outreach redrive")
        it.waits(days(2))
        assert {each: sorted(got) for each, got in it.got(CUSTOMERS).items()} == {
            each: ["hello", "offer", "tips"] for each in CUSTOMERS
        }
        assert it.cloud.refused == ()
        assert it.ringing() == set()
