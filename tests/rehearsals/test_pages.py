"""Each incident has a page and a rehearsal of the same name; the pages are found from docs/operations.md."""

import shlex
from pathlib import Path

import click
import pytest
from typer.main import get_command

from docs.page import Page
from outreach_tools.cli.app import app
from rehearsals.incident import PAGES, alarms_of, commands_of
from stack_files import resources

HERE = Path(__file__).parent
HEADINGS = ("What you see", "What happened to customers", "What to type")
ELSEWHERE = {"table-restored": "e2e/test_restore.py"}
"""Rehearsed by an earlier test, with the commands of the page."""


def test_each_page_is_rehearsed_and_each_rehearsal_has_a_page() -> None:
    rehearsed = {each.stem.removeprefix("test_").replace("_", "-") for each in HERE.glob("test_*.py")}

    assert {each.stem for each in PAGES} == rehearsed - {"pages"} | set(ELSEWHERE)


@pytest.mark.parametrize("page", [each.name for each in PAGES])
def test_a_page_says_what_is_seen_what_customers_got_and_what_to_type(page: str) -> None:
    read = Page(f"incidents/{page}")

    for heading in HEADINGS:
        assert read.section(heading).strip()
    assert commands_of(read)
    assert alarms_of(read) <= set(resources("AWS::CloudWatch::Alarm"))


@pytest.mark.parametrize(
    ("page", "typed"),
    [(each.stem, typed) for each in PAGES for typed in commands_of(Page(f"incidents/{each.name}"))],
)
def test_each_command_of_a_page_is_understood_with_its_options(page: str, typed: str) -> None:
    """They are executed by the page's rehearsal."""
    command, (_, *words) = get_command(app), shlex.split(typed)
    context = click.Context(command)  # type: ignore[arg-type] # typer's click
    while hasattr(command, "get_command") and words:
        found = command.get_command(context, words[0])
        assert found is not None, f"{page}: {typed}"
        command, words = found, words[1:]
    command.make_context("outreach", list(words))


def test_the_page_of_operations_leads_to_each() -> None:
    listed = Page("operations.md").section("Incidents")

    assert [each.name for each in PAGES if f"(incidents/{each.name})" not in listed] == []


def test_the_steps_of_a_restore_are_those_that_its_section_explains() -> None:
    section = Page("operations.md").section("Restoring the table")

    for command in commands_of(Page("incidents/table-restored.md")):
        assert f"\n{command}\n" in section
