"""Every example of docs/testing.md runs as it stands there."""

import re
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "testing.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) > 4


@pytest.mark.parametrize("number", range(1, len(EXAMPLES)))
def test_every_later_example_runs_with_the_opening_of_the_first(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PAGE.parents[1])
    known: dict[str, Any] = {}
    opening = EXAMPLES[0].partition("\nwith ")[0]
    exec(compile(opening, str(PAGE), "exec"), known)  # noqa: S102 - the page is ours
    exec(compile(EXAMPLES[number], str(PAGE), "exec"), known)  # noqa: S102 - the page is ours


def test_the_first_example_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(PAGE.parents[1])
    exec(compile(EXAMPLES[0], str(PAGE), "exec"), {})  # noqa: S102 - the page is ours
