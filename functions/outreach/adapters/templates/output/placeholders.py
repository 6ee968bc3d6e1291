"""Keeps Jinja away from everything that would misread it: stands in for it, and puts it back at the end."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from outreach.adapters.templates.markup.tree import Output, Place, Statement, Tag

type Piece = str | Output | Statement

TOKEN = re.compile(r"oq(\d+)qo")
"""Letters and digits only, so that a placeholder is at home in text, in attributes and in addresses."""


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """The source of a Jinja template, and for each of its lines the tag that an author wrote."""

    source: str
    file: str
    tags: dict[int, Tag] = field(default_factory=dict)
    origin: Place | None = None
    """Where the source stands, when it is a line of a file and not a file."""

    def place(self, line: int) -> Place:
        """Where the author wrote what now is on `line`."""
        if line in self.tags:
            return self.tags[line].place
        return self.origin or Place(self.file, line, 1)


@dataclass(slots=True)
class Placeholders:
    """The pieces that were taken out of a text."""

    file: str
    _kept: list[tuple[Piece, ...]] = field(default_factory=list)

    def keep(self, pieces: Iterable[Piece]) -> str:
        """Take pieces out; the answer stands for them."""
        self._kept.append(tuple(pieces))
        return f"oq{len(self._kept) - 1}qo"

    def fill(self, text: str) -> TemplateSource:
        """Put everything back.

        Each tag starts on a line of its own (a line break inside a tag shows nothing), so that the line
        number of any Jinja error tells which tag it was.
        """
        filled = _Filled()
        self._fill(text, filled)
        return TemplateSource("".join(filled.parts), self.file, filled.tags)

    def _fill(self, text: str, filled: "_Filled") -> None:
        for index, part in enumerate(TOKEN.split(text)):
            if index % 2 == 0:
                filled.add_text(part)
                continue
            for piece in self._kept[int(part)]:
                if isinstance(piece, str):
                    self._fill(piece, filled)
                else:
                    filled.add_tag(piece)


@dataclass(slots=True)
class _Filled:
    parts: list[str] = field(default_factory=list)
    tags: dict[int, Tag] = field(default_factory=dict)
    line: int = 1

    def add_text(self, text: str) -> None:
        self.parts.append(text)
        self.line += text.count("\n")

    def add_tag(self, tag: Tag) -> None:
        opening, closing = ("{{", "}}") if isinstance(tag, Output) else ("{%", "%}")
        source = f"{opening}\n{tag.code} {closing}"
        self.parts.append(source)
        for line in range(self.line, self.line + source.count("\n") + 1):
            self.tags[line] = tag
        self.line += source.count("\n")
