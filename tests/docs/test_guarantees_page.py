"""docs/guarantees.md names only tests that there are, and under every promise there is one."""

import re
from pathlib import Path

import pytest

from docs.page import DOCS, Page

PAGE = Page("guarantees.md")
TESTS = Path(__file__).parents[1]
NAMED = re.findall(r"^- `(test_\w+)`$", PAGE.text, re.MULTILINE)
PROMISES = [
    heading
    for heading in re.findall(r"^## (.+)$", PAGE.text, re.MULTILINE)
    if heading != "What this rests on"
]


@pytest.fixture(scope="module")
def defined() -> set[str]:
    return {
        name
        for file in TESTS.rglob("test_*.py")
        for name in re.findall(r"^(?: {4})?def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)
    }


def test_every_test_that_is_named_exists(defined: set[str]) -> None:
    assert set(NAMED) - defined == set()
    assert len(NAMED) == len(set(NAMED))


@pytest.mark.parametrize("promise", PROMISES)
def test_every_promise_is_tested(promise: str) -> None:
    assert "- `test_" in PAGE.section(promise)


def test_every_command_is_one_that_there_is() -> None:
    assert "proof:" in (DOCS.parent / "Makefile").read_text("utf-8")
    assert (TESTS / "proof" / "__main__.py").is_file()
