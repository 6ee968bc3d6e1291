"""Incident 5: a message cannot be rendered for some customers: a text stands where a number was."""

from pathlib import Path

from e2e.own_campaigns import MESSAGE, project_of
from e2e.shop import hours, minutes
from rehearsals.campaigns import GREETINGS, add_samples
from rehearsals.incident import incident

CUSTOMERS = [f"c-{number}" for number in range(30)]
WITH_TEXT = CUSTOMERS[::2]


def _write(project: Path, greeting: str) -> None:
    message = project / "templates/start/hello.mjml"
    message.write_text(MESSAGE.replace("<p>Hello.</p>", f"<p>{greeting}</p>"))


def test_a_message_that_fails_for_half_of_the_customers_is_reported_and_goes_after_the_correction() -> None:
    with project_of({"start": GREETINGS}) as project:
        add_samples(project)
        _write(project, "{% if customer.attributes.points %}{{ customer.attributes.points + 1 }}{% endif %}")
        with incident("broken-message", project=project) as it:
            for customer in CUSTOMERS:
                it.shop.signs_up(customer, points="7" if customer in WITH_TEXT else 7)
            it.waits(minutes(70))

            assert it.got(CUSTOMERS) == {each: [] if each in WITH_TEXT else ["hello"] for each in CUSTOMERS}
            assert it.rang()["MessagesFailedAlarm"] - it.since <= hours(1), "15 failed, fewer than 20"
            assert "render_failed" in it.types("outreach sends retry --failed --dry-run")

            _write(project, "You have {{ customer.attributes.points or 'some' }} points.")
            it.types("outreach templates check")
            it.cloud.deploy_code()
            it.types("outreach sends retry --failed")
            it.waits(hours(2))
            assert it.got(CUSTOMERS) == {each: ["hello"] for each in CUSTOMERS}
            it.waits(hours(60))
            assert it.got(CUSTOMERS) == {each: ["hello", "tips"] for each in CUSTOMERS}
            assert it.ringing() == set()
