"""Documents and the template's descriptions use no word that the glossary retires from prose."""

import re
from pathlib import Path

import pytest

from docs.page import Page
from stack_files import ROOT, template

_SECTION = Page("glossary.md").section("Words that prose does without")
WORDS = [
    word
    for line in _SECTION.splitlines()
    if line.startswith("| *")
    for word in re.findall(r"\*([a-z ]+)\*", line.split("|")[1])
]
RETIRED = re.compile(rf"\b(?:{'|'.join(WORDS)})\b".replace(" ", r"\s+"), re.IGNORECASE)
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "UPGRADING.md", "templates/README.md")),
    *sorted(path for path in (ROOT / "docs").rglob("*.md") if path.name not in {"glossary.md", "costs.md"}),
]
_QUOTED = re.compile(r"^```.*?^```$|`[^`]*`", re.MULTILINE | re.DOTALL)
"""Commands, output and names."""


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_page_uses_no_retired_word(path: Path) -> None:
    assert RETIRED.findall(_QUOTED.sub("", path.read_text("utf-8"))) == []


def test_descriptions_in_the_template_use_no_retired_word() -> None:
    described = [str(each.get("Description")) for each in template()["Parameters"].values()]
    for resource in template()["Resources"].values():
        properties = resource.get("Properties", {})
        described += [str(properties.get("Description")), str(properties.get("AlarmDescription"))]

    assert [text for text in described if RETIRED.search(text)] == []


def test_a_retired_word_is_found() -> None:
    assert RETIRED.findall("In doubt whether Somebody came\nto it.") == ["doubt", "Somebody", "came\nto"]
