"""Docstrings, comments, printed sentences, log lines and test names use no word that the glossary retires."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack_files import ROOT

_, _, _AFTER = (ROOT / "docs" / "glossary.md").read_text().partition("\n## Words that prose does without\n")
SECTION = _AFTER.partition("\n## ")[0]
WORDS = sorted(
    word
    for line in SECTION.splitlines()
    if line.startswith("| *")
    for word in re.findall(r"\*([a-z ]+)\*", line.split("|")[1])
)
_WORD = re.compile(r"\b(?:" + "|".join(WORDS).replace(" ", r"\s+(?:#\s+)?") + r")\b", re.IGNORECASE)
_IN_TEST_NAMES = re.compile(r"(?<![a-z])(?:" + "|".join(WORDS).replace(" ", "_") + r")(?![a-z])")
_TEXT = {tokenize.STRING, tokenize.FSTRING_MIDDLE}
_CODE_FONT = re.compile(r"``?[^`]*``?")

NOT_YET = (
    "functions/outreach/adapters/dynamodb/feedback",
    "functions/outreach/adapters/dynamodb/sending",
    "functions/outreach/adapters/dynamodb/sweeps",
    "functions/outreach/domain/sweeps",
    "functions/outreach/handlers/sweeps",
    "functions/outreach/usecases/feedback",
    "functions/outreach/usecases/sending",
    "functions/outreach/usecases/sweeps",
)
"""Folders whose prose is still to be revised; everything else is held to the list."""
CUSTOMERS_READ = "functions/outreach/adapters/pages/words.py"
"""Its strings are what customers read on a page, and not what operators and developers do."""
CODE = sorted(
    path
    for room in ("functions", "tools", "benchmarks", "tests")
    for path in (ROOT / room).rglob("*.py")
    if not any(path.is_relative_to(ROOT / folder) for folder in NOT_YET)
)


def prose_in(source: str, *, strings: bool) -> Iterator[tuple[int, str]]:
    """Each comment and docstring with its line; with `strings`, each text of several words too."""
    before = tokenize.NEWLINE
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        is_docstring = token.type == tokenize.STRING and before in {tokenize.NEWLINE, tokenize.INDENT}
        is_text = token.type in _TEXT and " " in token.string.strip("\"' ")
        if token.type == tokenize.COMMENT or is_docstring or (strings and is_text):
            yield token.start[0], _CODE_FONT.sub("", token.string)
        if token.type not in {tokenize.COMMENT, tokenize.NL, tokenize.DEDENT, tokenize.ENCODING}:
            before = token.type


def retired_in(path: Path) -> list[str]:
    name = str(path.relative_to(ROOT))
    strings = not name.startswith("tests/") and name != CUSTOMERS_READ
    return [
        f"{name}:{line}: {found[0]}"
        for line, text in prose_in(path.read_text(), strings=strings)
        for found in _WORD.finditer(text)
    ]


def test_prose_in_code_uses_no_retired_word() -> None:
    assert len(CODE) > 400
    assert [found for path in CODE for found in retired_in(path)] == []


def test_a_test_is_named_without_retired_words() -> None:
    names = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^ *def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    assert len(names) > 1_000
    assert sorted(name for name in names if _IN_TEST_NAMES.search(name)) == []


@pytest.mark.parametrize("word", WORDS)
def test_a_retired_word_is_found_in_a_comment_a_docstring_a_text_and_a_name(word: str) -> None:
    source = f'# {word}\ndef it() -> None:\n    """{word.capitalize()}."""\n    print(f"a {word}")\n'

    assert [line for line, text in prose_in(source, strings=True) if _WORD.search(text)] == [1, 3, 4]
    assert _IN_TEST_NAMES.search(f"test_{word.replace(' ', '_')}_once")


def test_a_name_in_code_font_is_no_prose() -> None:
    ((_, text),) = prose_in("# `told` is the rate\n", strings=True)
    assert _WORD.search(text) is None


def test_folders_that_are_still_to_be_revised_exist() -> None:
    assert [folder for folder in NOT_YET if not (ROOT / folder).is_dir()] == []
