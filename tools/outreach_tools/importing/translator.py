"""Translates what is unambiguous, keeps what is ours, and leaves a gap for everything else."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from outreach_tools.foreign.names import fact_for, is_ambiguous
from outreach_tools.foreign.tags import certain_tags
from outreach_tools.importing.block_statements import statements_for
from outreach_tools.importing.blocks import Block, in_blocks
from outreach_tools.importing.expressions import Known, is_our_statement, is_ours, known_inside
from outreach_tools.importing.foreign_blocks import foreign_blocks
from outreach_tools.importing.item_names import in_item
from outreach_tools.importing.jinja_marks import JinjaMarks
from outreach_tools.importing.notes import Notes
from outreach_tools.importing.regions import Regions, merged
from outreach_tools.importing.tags import Part, Tag, read_tags

_NAME = re.compile(r"[\w.:\[\]@/-]+")
_DEFAULT = re.compile(r"([\w.]+)\s*\|\s*default:?\s*\(?\s*[\"']([^\"']*)[\"']\s*\)?")
GAP = "import left a gap here"


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class _Scope:
    """The names that are valid at a place."""

    known: Known
    is_item: bool = False
    """Whether names belong to an item of an order, as inside of `{{#each items}}`."""


@dataclass(slots=True)
class Translator:
    """Takes the tags out of the texts of one template."""

    marks: JinjaMarks
    notes: Notes
    known: Known
    """The names of ours, with their attributes."""
    defaults: Mapping[str, str] = field(default_factory=dict)
    """The default for customers without an attribute."""
    keeps_blocks: bool = True
    """False where conditions and loops cut through elements: then each is a gap."""

    def translate(self, text: str, *, is_html: bool) -> str:
        """The text with marks for its tags, and for everything that could not be translated."""
        return _Translation(self, text, is_html=is_html).text()


class _Translation:
    """One text."""

    def __init__(self, translator: Translator, text: str, *, is_html: bool) -> None:
        self._all = translator
        self._text = text
        self._regions = Regions(text, is_html=is_html)
        self._edits: list[_Edit] = []
        unread = [self._regions.whole(*stretch) for stretch in foreign_blocks(text)]
        self._unread = list(merged([each for each in unread if not self._regions.is_gone(*each)]))
        self._kept_out = list(self._unread)

    def text(self) -> str:
        tags = read_tags(self._text)
        self._each(in_blocks(tags), _Scope(self._all.known))
        self._others(tags)
        kept_out = list(merged(self._kept_out))
        self._edits = [each for each in self._edits if not _overlaps((each.start, each.end), kept_out)]
        for stretch in kept_out:
            what = _first_tag(self._text[slice(*stretch)])
            self._gap(*stretch, f"and what it controls were kept out: {GAP}", what)
        return self._edited()

    def _each(self, nodes: Iterable[Block | Tag], scope: _Scope) -> None:
        for node in nodes:
            if isinstance(node, Block):
                self._block(node, scope)
            elif not _overlaps((node.start, node.end), self._unread):
                self._tag(node, scope)

    def _block(self, block: Block, scope: _Scope) -> None:
        start, end = block.opening.start, block.closing.end if block.closing else len(self._text)
        if any(first <= start and end <= last for first, last in self._unread):
            return
        if self._regions.is_gone(start, end) or block.opening.name == "comment":
            self._edits.append(_Edit(start, end, _lines(self._text[start:end])))
            return
        statements = self._statements(block, scope)
        if not statements:
            self._kept_out.append(self._regions.whole(start, end))
            return
        for tag, (code, told) in zip(block.tags, statements, strict=True):
            if told:
                self._all.notes.done(f"{tag.source} became {told}", self._regions.line(tag.start))
            mark = self._all.marks.statement(code, inside_tag=self._regions.is_in_tag(tag.start))
            self._edits.append(_Edit(tag.start, tag.end, mark))
        is_each = block.opening.name == "each"
        inside = _Scope(known_inside(block, scope.known), is_item=scope.is_item or is_each)
        self._each(block.children, inside)

    def _statements(self, block: Block, scope: _Scope) -> list[tuple[str, str]]:
        """Code and note for each tag of the block; empty where it has to be a gap."""
        is_cut = any(
            self._regions.touches_gone(tag.start, tag.end)
            or self._regions.is_between_attributes(tag.start)
            or _overlaps((tag.start, tag.end), self._unread)
            for tag in block.tags
        )
        if not self._all.keeps_blocks or block.closing is None or is_cut or _holds_unclosed(block):
            return []
        return statements_for(block, scope.known, is_item=scope.is_item)

    def _tag(self, tag: Tag, scope: _Scope) -> None:
        if self._regions.is_gone(tag.start, tag.end):
            self._edits.append(_Edit(tag.start, tag.end, _lines(tag.source)))
            return
        match tag.part:
            case Part.REMARK:
                self._edits.append(_Edit(tag.start, tag.end, _lines(tag.source)))
            case Part.SHOW:
                self._show(tag, scope)
            case Part.DO if self._all.keeps_blocks and is_our_statement(tag.code, scope.known):
                mark = self._all.marks.statement(tag.code, inside_tag=self._regions.is_in_tag(tag.start))
                self._edits.append(_Edit(tag.start, tag.end, mark))
            case _:
                self._gap(tag.start, tag.end, "cannot be translated")

    def _show(self, tag: Tag, scope: _Scope) -> None:
        line = self._regions.line(tag.start)
        if tag.is_raw:
            self._all.notes.done(
                "what stood in {{{ }}} is escaped now, so that data cannot become markup", line
            )
        expression = self._expression(tag.code, scope)
        if not expression:
            self._gap(tag.start, tag.end, _why(tag.code))
            return
        if expression != tag.code:
            self._all.notes.done(f"{tag.source} became {expression}", line)
        self._edits.append(_Edit(tag.start, tag.end, self._all.marks.output(expression)))

    def _expression(self, code: str, scope: _Scope) -> str:
        """The Jinja that shows it; empty where that is unclear."""
        if _NAME.fullmatch(code):
            if scope.is_item and not code.startswith("../"):
                return in_item(code, scope.known)
            fact = fact_for(code.removeprefix("../"), self._all.defaults.get(code))
            return fact or (code if is_ours(code, scope.known) else "")
        if is_ours(code, scope.known):
            return code
        default = _DEFAULT.fullmatch(code)
        return fact_for(default[1], default[2]) if default and not scope.is_item else ""

    def _others(self, tags: Iterable[Tag]) -> None:
        """The tags of other services, which stand where none of those above does."""
        taken = [(each.start, each.end) for each in self._edits]
        taken += [*((tag.start, tag.end) for tag in tags), *self._kept_out]
        for found in certain_tags(self._text):
            span = found.start, found.end
            if _overlaps(span, taken) or not found.name:
                continue
            if self._regions.is_gone(*span):
                continue
            if not (fact := fact_for(found.name)):
                self._gap(*span, _why(found.name))
                continue
            source = self._text[span[0] : span[1]]
            self._all.notes.done(f"{source} became {fact}", self._regions.line(span[0]))
            self._edits.append(_Edit(*span, self._all.marks.output(fact)))

    def _gap(self, start: int, end: int, why: str, what: str = "") -> None:
        source = self._text[start:end]
        shown = " ".join((what or source).split())
        sentence = why if GAP in why else f"{why}: {GAP}"
        self._all.notes.look(f"{shown} {sentence}", self._regions.line(start))
        mark = self._all.marks.gap(shown, inside_tag=self._regions.is_in_tag(start))
        self._edits.append(_Edit(start, end, mark + _lines(source)))

    def _edited(self) -> str:
        written, last = [], 0
        for edit in sorted(self._edits, key=lambda each: each.start):
            written += [self._text[last : edit.start], edit.new]
            last = edit.end
        return "".join([*written, self._text[last:]])


def _overlaps(stretch: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(first < stretch[1] and stretch[0] < last for first, last in others)


def _holds_unclosed(block: Block) -> bool:
    return any(
        isinstance(child, Block) and (child.closing is None or _holds_unclosed(child))
        for child in block.children
    )


def _why(code: str) -> str:
    if not _NAME.fullmatch(code):
        return "cannot be translated"
    return "can mean several things" if is_ambiguous(code) else "is no fact of ours"


def _first_tag(text: str) -> str:
    """The tag that a stretch begins with, or the comment around it."""
    tags = read_tags(text)
    return tags[0].source if tags else " ".join(text.split())[:60]


def _lines(text: str) -> str:
    """The line breaks of what was taken out, so that the lines after it keep their numbers."""
    return "\n" * text.count("\n")
