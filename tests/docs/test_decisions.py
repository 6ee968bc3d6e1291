"""Decisions have one form, and every decision that a document or the code names exists."""

import re
from pathlib import Path

import pytest

from docs.page import DOCS

PROJECT = DOCS.parent
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
NUMBERS = {path.name[:4] for path in DECISIONS}
_NAMED = re.compile(r"decisions? (\d{4}(?:(?:, | and )\d{4})*)")


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_begins_with_its_number_a_title_and_its_date(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()

    assert re.fullmatch(rf"# {path.name[:4]}: \S.+", lines[0])
    assert re.match(r"\*\d{4}-\d{2}-\d{2}\b", lines[2])


def test_numbers_are_given_once() -> None:
    assert len(NUMBERS) == len(DECISIONS)


def test_every_decision_that_is_named_exists() -> None:
    pages = [
        PROJECT / "README.md",
        PROJECT / "UPGRADING.md",
        PROJECT / "CONTRIBUTING.md",
        *DOCS.rglob("*.md"),
    ]
    code = [path for room in ("functions", "tools") for path in (PROJECT / room).rglob("*.py")]
    named = {
        number
        for path in (*pages, *code)
        for numbers in _NAMED.findall(path.read_text("utf-8"))
        for number in re.findall(r"\d{4}", numbers)
    }

    assert len(named) > 20
    assert named - NUMBERS == set()
