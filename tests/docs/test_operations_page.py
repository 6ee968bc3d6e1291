"""docs/operations.md is true: its commands exist, and its numbers are those of the rules."""

import json
import re

import pytest
from typer.testing import CliRunner

from docs.page import Page
from outreach.domain.feedback.suppression import SOFT_BOUNCES_IN_A_ROW
from outreach.domain.intake.customer import SuppressionReason
from outreach.domain.sending import breaker
from outreach_tools.cli.app import app

PAGE = Page("operations.md")
COMMANDS = sorted(set(re.findall(r"^outreach ([a-z]+(?: [a-z]+)?)", PAGE.text, re.MULTILINE)))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_exists(command: str) -> None:
    assert CliRunner().invoke(app, [*command.split(), "--help"]).exit_code == 0


def test_every_reason_of_a_suppression_is_explained() -> None:
    assert {row[0] for row in PAGE.table("Suppression")} == set(SuppressionReason)
    assert SOFT_BOUNCES_IN_A_ROW == 5
    assert "five messages in a row" in PAGE.section("Suppression")


def test_the_breaker_opens_where_the_page_says() -> None:
    words = PAGE.section("The breaker")

    assert f"newest {breaker.WINDOW:,} marketing messages" in words
    for sentence in (
        f"bounced for good (at least {breaker.FEWEST_BOUNCES}, of at least {breaker.FEWEST_SENDS} outcomes)",
        f"called spam (at least {breaker.FEWEST_COMPLAINTS}, of at least {breaker.FEWEST_SENDS} outcomes)",
    ):
        assert sentence in words


def test_the_events_of_the_desks_recipes_are_taken_as_they_stand() -> None:
    recipes = re.findall(
        r"^echo '(.+)' \| outreach emit ([a-z_.]+) -$", PAGE.section("The desk: one customer"), re.MULTILINE
    )
    assert len(recipes) == 2
    for detail, name in recipes:
        result = CliRunner().invoke(app, ["emit", "--check", "--json", name, "-"], input=detail)
        assert (result.exit_code, json.loads(result.stdout)["left_out"]) == (0, [])
