"""A template in pieces: literal text, and the stretches of Jinja between."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from outreach.adapters.templates.markup.tree import Output, Place, Statement, Tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Shaped:
    """Text that one of our filters wraps once its facts are known."""

    shape: str
    arguments: tuple[str, ...]
    place: Place
    words: tuple[Piece, ...]

    @property
    def as_block(self) -> tuple[Piece, ...]:
        """The same as a Jinja block, for inside of other blocks."""
        begin = f"filter {self.shape}({', '.join(map(repr, self.arguments))})"
        return (Statement(begin, self.place), *self.words, Statement("endfilter", self.place))


type Piece = str | Output | Statement | Shaped

OPENING = frozenset({"if", "for", "filter"})
"""Statements that begin something which another one ends."""
_MISREAD = re.compile(r"\{(?=[{%#]|\Z)")
_ASSIGNED = re.compile(r"set\s+(\w+)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Jinja that ends whatever it begins, so that it can be compiled, kept and run by itself.

    Each tag starts on a line of its own (a line break inside a tag shows nothing), so that the line number of
    any Jinja error identifies the tag.
    """

    source: str
    tags: Mapping[int, Tag]
    origin: Place
    is_file: bool = False
    """Whether it is a whole file, whose own lines are the places to report."""

    def place(self, line: int) -> Place:
        """Where the author wrote what is on `line`."""
        if line in self.tags:
            return self.tags[line].place
        return Place(self.origin.file, line, 1) if self.is_file else self.origin


@dataclass(frozen=True, slots=True)
class ShapedSource:
    """Pieces whose text is wrapped by a filter of that name."""

    shape: str
    arguments: tuple[str, ...]
    source: TemplateSource


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """The pieces of one part of an e-mail, in order."""

    pieces: tuple[str | Stretch | ShapedSource, ...]
    file: str

    @property
    def stretches(self) -> Iterator[Stretch]:
        """All Jinja in it, in order."""
        for piece in self.pieces:
            match piece:
                case Stretch():
                    yield piece
                case ShapedSource():
                    yield from piece.source.stretches
                case str():
                    pass


def written_line(text: str, origin: Place) -> TemplateSource:
    """A line of a file's head, in which places are not distinguished."""
    return _whole(Stretch(text, {}, origin))


def written_file(text: str, file: str) -> TemplateSource:
    """A file that is nothing but Jinja."""
    return _whole(Stretch(text, {}, Place(file, 1, 1), is_file=True))


def _whole(stretch: Stretch) -> TemplateSource:
    piece = stretch if _MISREAD.search(stretch.source) else stretch.source
    return TemplateSource((piece,), stretch.origin.file)


def gathered(pieces: Iterable[Piece], file: str) -> TemplateSource:
    """Text outside of blocks stays text; a block with its content becomes one stretch."""
    found: list[str | Stretch | ShapedSource] = []
    text: list[str] = []
    stretch: _Stretching | None = None
    for piece in pieces:
        if stretch is None and isinstance(piece, str):
            text.append(piece)
            continue
        if text:
            found.append("".join(text))
            text = []
        if stretch is None and isinstance(piece, Shaped):
            found.append(ShapedSource(piece.shape, piece.arguments, gathered(piece.words, file)))
            continue
        stretch = stretch or _Stretching()
        if stretch.take(piece):
            found.append(stretch.done(file))
            stretch = None
    if stretch is not None:
        found.append(stretch.done(file))
    return TemplateSource((*found, "".join(text)) if text else tuple(found), file)


def assignments(source: TemplateSource) -> list[tuple[str, Place]]:
    """The name that each `{% set %}` tag assigns, and where the tag is, in order."""
    tags = {id(tag): tag for stretch in source.stretches for tag in stretch.tags.values()}
    return [(match[1], tag.place) for tag in tags.values() if (match := _ASSIGNED.match(tag.code))]


@dataclass(slots=True)
class _Stretching:
    parts: list[str] = field(default_factory=list)
    tags: dict[int, Tag] = field(default_factory=dict)
    line: int = 1
    depth: int = 0

    def take(self, piece: Piece) -> bool:
        """Whether everything is closed after this piece."""
        match piece:
            case str():
                self._add(_MISREAD.sub("{{ '{' }}", piece))
            case Output():
                self._tag(piece, f"{{{{\n{piece.code} }}}}")
            case Statement():
                self._tag(piece, f"{{%\n{piece.code} %}}")
                self.depth += (piece.keyword in OPENING) - piece.keyword.startswith("end")
            case Shaped():
                for each in piece.as_block:
                    self.take(each)
        return self.depth <= 0

    def done(self, file: str) -> Stretch:
        origin = self.tags[1].place if self.tags else Place(file, 1, 1)
        return Stretch("".join(self.parts), self.tags, origin)

    def _tag(self, tag: Tag, source: str) -> None:
        self.tags.setdefault(self.line, tag)  # its code begins one line further down
        for line in range(self.line + 1, self.line + source.count("\n") + 1):
            self.tags[line] = tag
        self._add(source)

    def _add(self, source: str) -> None:
        self.parts.append(source)
        self.line += source.count("\n")
