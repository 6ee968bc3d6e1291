"""The files of `_layout/`, each read, checked and compiled once, however often messages use it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.adapters.templates.markup.tree import Output, Place, Statement, problem_at
from outreach.adapters.templates.output.template_source import Piece, TemplateSource, gathered
from outreach.adapters.templates.sandbox.compiled import CompiledTemplate
from outreach.adapters.templates.sandbox.environment import parts_sandbox
from outreach.adapters.templates.sandbox.limits import LARGEST_SOURCE, start_meter
from outreach.adapters.templates.sandbox.program import RefusedError, names_in
from outreach.adapters.templates.sandbox.vocabulary import Vocabulary
from outreach.domain.sending.rendering import TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from outreach.adapters.templates.source_files import SourceFiles

FOLDER = "_layout"
SUFFIX = "mjml"
GIVEN = frozenset({"brand", "language", "marketing", "content"})
"""What every part may use besides its own attributes."""
_STRING = r""" "(?:\\.|[^"\\])*+" | '(?:\\.|[^'\\])*+' """
_TAG = re.compile(
    rf"""
      \[\[ (?P<output> (?: {_STRING} | [^"'\]] | \](?!\]) )*+ ) \]\]
    | \[%  (?P<statement> (?: {_STRING} | [^"'%] | %(?!\]) )*+ ) %\]
    | \[\# .*? \#\]
    | (?P<stray> \[\[ | \[% | \[\# )
    """,
    re.VERBOSE | re.DOTALL,
)
ENDS = {"[[": "]]", "[%": "%]", "[#": "#]"}


@dataclass(frozen=True, slots=True)
class PartTemplate:
    """A part that can be filled in."""

    path: str
    attributes: frozenset[str]
    """Its attributes; optional ones have a default, or are tested with `is defined`."""
    _compiled: CompiledTemplate

    def fill(self, facts: Mapping[str, object]) -> str:
        """The part with this content in it. Raises RenderError where it needs something that is missing."""
        start_meter()
        return self._compiled.render({**parts_sandbox().globals, **facts})


class PartTemplates:
    """The parts of one bundle, by name and language."""

    def __init__(self, files: SourceFiles) -> None:
        self._files = files
        self._compiled: dict[str, PartTemplate] = {}
        self._paths: dict[tuple[str, str], str] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """All parts there are."""
        return self._files.names(FOLDER, SUFFIX)

    def find(self, name: str, language: str) -> PartTemplate:
        """The part that fits the language best; KeyError if there is none, TemplateError if it is wrong."""
        key = (name, language)
        if key not in self._paths:
            self._paths[key] = self._files.in_language(f"{FOLDER}/{name}", SUFFIX, language)
        path = self._paths[key]
        if path not in self._compiled:
            self._compiled[path] = _compile(path, self._files.text(path))
        return self._compiled[path]


def _compile(path: str, text: str) -> PartTemplate:
    if len(text) > LARGEST_SOURCE:
        raise TemplateError(f"this part is longer than {LARGEST_SOURCE} characters", file=path)
    source = gathered(_pieces(text, path), path)
    names = _names(source)
    vocabulary = Vocabulary(None, None, names | GIVEN)
    return PartTemplate(path, names - GIVEN, CompiledTemplate(source, parts_sandbox(), vocabulary))


def _pieces(text: str, path: str) -> Iterator[Piece]:
    """Text, and the tags in square brackets; a comment leaves its line breaks, and all lines stay."""
    offset = line = 0
    for tag in _TAG.finditer(text):
        before = text[offset : tag.start()]
        if before:
            yield before
        line += before.count("\n")
        place = Place(path, line + 1, tag.start() - text.rfind("\n", 0, tag.start()))
        if stray := tag["stray"]:
            raise problem_at(place, f"this {stray} is never closed: end it with {ENDS[stray]}")
        if tag["output"] is not None:
            yield Output(tag["output"].strip(), place)
        elif tag["statement"] is not None:
            yield Statement(tag["statement"].strip(), place)
        elif lines := tag[0].count("\n"):
            yield "\n" * lines
        line += tag[0].count("\n")
        offset = tag.end()
    if text[offset:]:
        yield text[offset:]


def _names(source: TemplateSource) -> frozenset[str]:
    names: set[str] = set()
    for stretch in source.stretches:
        try:
            names |= names_in(stretch.source, parts_sandbox())
        except RefusedError as refused:
            raise problem_at(stretch.place(refused.slip.line), refused.slip.problem) from None
    return frozenset(names)
