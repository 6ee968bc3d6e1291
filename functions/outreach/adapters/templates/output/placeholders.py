"""Protects Jinja from code that would misread it: replaces it, and puts it back at the end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from outreach.adapters.templates.output.template_source import Piece, Shaped, TemplateSource, gathered

if TYPE_CHECKING:
    from collections.abc import Iterable

TOKEN = re.compile(r"oq(\d+)qo")
"""Letters and digits only, so that a placeholder is valid in text, in attributes and in addresses."""


@dataclass(slots=True)
class Placeholders:
    """The pieces that were taken out of a text."""

    file: str
    _kept: list[tuple[Piece, ...]] = field(default_factory=list)

    def keep(self, pieces: Iterable[Piece]) -> str:
        """Take pieces out; returns their placeholder."""
        self._kept.append(tuple(pieces))
        return f"oq{len(self._kept) - 1}qo"

    def fill(self, text: str) -> TemplateSource:
        """Put everything back."""
        pieces: list[Piece] = []
        self._fill(text, pieces)
        return gathered(pieces, self.file)

    def _fill(self, text: str, pieces: list[Piece]) -> None:
        if "oq" not in text:  # most text by far, and finding that out is quick
            pieces.append(text)
            return
        for index, part in enumerate(TOKEN.split(text)):
            if index % 2 == 0:
                if part:
                    pieces.append(part)
                continue
            for piece in self._kept[int(part)]:
                match piece:
                    case str():
                        self._fill(piece, pieces)
                    case Shaped(words=words):
                        filled: list[Piece] = []
                        for each in words:
                            self._fill(str(each), filled)
                        pieces.append(replace(piece, words=tuple(filled)))
                    case _:
                        pieces.append(piece)
