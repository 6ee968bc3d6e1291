"""A page of the docs, cut into sections and examples, so that tests can hold the code to it."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """One fenced block, and the heading it stands under."""

    heading: str
    language: str
    text: str


@dataclass(frozen=True)
class Page:
    """One file of the docs."""

    name: str

    @cached_property
    def text(self) -> str:
        return (DOCS / self.name).read_text("utf-8")

    def section(self, heading: str) -> str:
        """The text under a heading, up to the next heading of any level."""
        parts = re.split(r"^#+ (.+)$", self.text, flags=re.MULTILINE)
        return dict(zip(parts[1::2], parts[2::2], strict=True))[heading]

    def examples(self, language: str) -> list[Example]:
        """Every fenced block of a language, in order."""
        parts = re.split(r"^#+ (.+)$", self.text, flags=re.MULTILINE)
        return [
            Example(heading, found[1], found[2])
            for heading, words in zip(parts[1::2], parts[2::2], strict=True)
            for found in _FENCE.finditer(words)
            if found[1] == language
        ]

    def table(self, heading: str) -> list[list[str]]:
        """The rows of the first table under a heading, without its head; cells without backticks."""
        lines = [line for line in self.section(heading).splitlines() if line.startswith("|")]
        return [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in lines[2:]]
