"""The demo's second month over the table that 0.1.0 left after the first: nothing twice, nothing lost."""

import json

from typer.testing import CliRunner

from outreach_tools.cli.app import app
from upgrade.dump import followed, from_the_beginning, load, replay, sent_before, sent_by, upgraded


def test_a_month_after_the_upgrade_every_customer_got_what_they_would_have_got_without_it() -> None:
    with from_the_beginning() as never_upgraded:
        replay(never_upgraded)
        expected = sent_by(never_upgraded)
    with upgraded() as cloud:
        load(cloud.client("dynamodb"), cloud.outputs["TableName"], followed())
        begun = CliRunner().invoke(
            app, ["journeys", "check", "--begin-again", "--json"], obj=cloud, catch_exceptions=False
        )
        replay(cloud)
        got = sent_before() + sent_by(cloud)

    assert {each["outcome"] for each in json.loads(begun.stdout)} == {"begun again"}
    assert got == expected
