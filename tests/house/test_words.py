"""The glossary keeps one word per thing: names in code use none of the words that it retires."""

import io
import re
import tokenize

import pytest

from stack_files import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
ROWS = [line.strip("| ").split("|") for line in GLOSSARY.read_text().splitlines() if line.startswith("| ")]
RETIRED = frozenset(re.findall(r"`(\w+)`", " ".join(row[2] for row in ROWS if len(row) == 3)))
CODE = sorted(
    path for room in ("functions", "tools", "benchmarks", "tests") for path in (ROOT / room).rglob("*.py")
)


def names_in(source: str) -> set[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.string for token in tokens if token.type == tokenize.NAME}


def test_no_name_in_code_is_a_retired_word() -> None:
    assert len(CODE) > 500
    found = {str(path.relative_to(ROOT)): names_in(path.read_text()) & RETIRED for path in CODE}
    assert {path: names for path, names in found.items() if names} == {}


def test_no_module_is_named_by_a_retired_word() -> None:
    assert [path for path in CODE if path.stem in RETIRED] == []


@pytest.mark.parametrize("word", sorted(RETIRED))
def test_a_retired_word_is_recognized(word: str) -> None:
    assert names_in(f"{word} = 1\n") & RETIRED == {word}


def test_rooms_of_the_glossary_are_the_rooms_of_the_layers() -> None:
    rooms = set(re.findall(r"^\| `(\w+)` \|", GLOSSARY.read_text(), re.MULTILINE))
    layers = [ROOT / "functions" / "outreach" / layer for layer in ("domain", "usecases", "handlers")]
    for layer in layers:
        assert {
            path.name for path in layer.iterdir() if path.is_dir() and not path.name.startswith("_")
        } <= rooms
