"""The tree a message is parsed into: elements, text and Jinja tags, each with its place in the source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from outreach.domain.sending.rendering import TemplateError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written; line and column count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Text:
    """Literal text, as written: character references such as `&nbsp;` are still references."""

    source: str
    place: Place


@dataclass(frozen=True, slots=True)
class OutlookComment(Text):
    """`<!--[if mso]>` or `<![endif]-->`: what stands between the two, only Outlook reads, or only others."""


@dataclass(frozen=True, slots=True)
class Output:
    """`{{ code }}`: shows a value."""

    code: str
    place: Place

    @property
    def source(self) -> str:
        return f"{{{{ {self.code} }}}}"


@dataclass(frozen=True, slots=True)
class Statement:
    """`{% code %}`: a condition, a loop or an assignment."""

    code: str
    place: Place

    @property
    def keyword(self) -> str:
        return self.code.split(None, 1)[0]

    @property
    def source(self) -> str:
        return f"{{% {self.code} %}}"


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a part shows its content; gone once the part is filled in."""

    name: str
    place: Place

    @property
    def source(self) -> str:
        return f"[[ {self.name} ]]"


type Tag = Output | Statement
type Inline = Text | Output | Statement | Slot
type Node = Inline | Element


@dataclass(frozen=True, slots=True)
class Attribute:
    """`name="value"`; the value may carry Jinja tags."""

    name: str
    value: tuple[Inline, ...]
    place: Place

    @property
    def source(self) -> str:
        return "".join(piece.source for piece in self.value)

    @property
    def is_literal(self) -> bool:
        return all(isinstance(piece, Text) for piece in self.value)


@dataclass(frozen=True, slots=True)
class Element:
    """`<name attributes>children</name>`."""

    name: str
    place: Place
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    children: tuple[Node, ...] = ()


def problem_at(place: Place, problem: str) -> TemplateError:
    """The error that says to an author what is wrong, and where."""
    return TemplateError(problem, file=place.file, line=place.line, column=place.column)
