"""Documents do without words that must be read twice: pronouns for nobody in particular, and metaphors."""

import re
from pathlib import Path

import pytest

from stack_files import ROOT, template

WORDS = (
    r"whoever|somebody|nobody|everybody|anybody|someone|heed(?:s|ed)?|doubt|mend(?:s|ed)?|for ever|way out|"
    r"flies|dies|died|the watch|stranded|pacer|came to|given (?:back|up)|gives? up|moved on|told|heard|anew"
)
RETIRED = re.compile(rf"\b(?:{WORDS})\b", re.IGNORECASE)
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
    assert RETIRED.findall("It is in doubt whether Somebody came to it.") == ["doubt", "Somebody", "came to"]
