"""Turns the source of a message or part into a tree, strictly, so that an error is reported where it is."""

import re

from outreach.adapters.templates.markup.attributes import read_attributes
from outreach.adapters.templates.markup.blocks import ENDS, Open, close, counts
from outreach.adapters.templates.markup.outlook import RAW_HTML, OutlookComments
from outreach.adapters.templates.markup.tokens import BEGIN, TOKEN, Source, stray_problem
from outreach.adapters.templates.markup.tree import Element, Node, Place, Statement, Text, problem_at
from outreach.adapters.templates.sandbox.limits import DEEPEST_MARKUP
from outreach.domain.sending.rendering import TemplateError

VOID = frozenset({"br", "hr", "img", "wbr", "meta"})
"""Elements that HTML never closes."""
_TAG_BEGINS = re.compile(r"<(?P<name>[a-zA-Z][\w:-]*)[^<>]{0,2000}?(?P<empty>/?)>")
MOST_REPORTED = 50
"""Problems of one file; who has that many has opened another kind of file."""
RAW = frozenset({"mj-style"})
"""Elements whose content is not markup."""


def parse(source: Source, *, start: int = 0, wrong: list[TemplateError] | None = None) -> tuple[Node, ...]:
    """Parse the source from offset `start`.

    Raises TemplateError at the first tag that is not well formed, closed twice or never closed. With a list
    `wrong`, these problems are collected instead, and the tree is what was most likely meant.
    """
    return (_Parser(source) if wrong is None else _LenientParser(source, wrong)).parse(start)


class _Parser:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._root = Open("", Place(source.file, 1, 1))
        self._outlook = OutlookComments(source)
        self._open = [self._root]

    def parse(self, start: int) -> tuple[Node, ...]:
        text, offset, looked = self._source.text, start, start
        while begin := BEGIN.search(text, looked):
            match = TOKEN.match(text, begin.start())
            if match is None:
                looked = begin.end()
                continue
            self._text(offset, match.start())
            looked = offset = self._take(match)
        self._text(offset, len(text))
        if self._open[-1] is not self._root:
            self._left_open()
        return tuple(self._root.children)

    def _take(self, match: re.Match[str]) -> int:
        return self._token(match)

    def _left_open(self) -> None:
        left = self._open[-1]
        raise problem_at(left.place, f"{left} is never closed")

    def _token(self, match: re.Match[str]) -> int:
        """Take one token in; returns the offset at which to go on."""
        match match.lastgroup:
            case "stray":
                raise problem_at(self._source.place(match.start()), stray_problem(self._source.text, match))
            case "output":
                self._add(self._source.output(match))
            case "statement":
                statement = self._source.statement(match)
                counts(statement, self._open)
                self._bound_depth(statement.place)
                self._add(statement)
            case "slot":
                self._add(self._source.slot(match))
            case "outlook" | "endif":
                self._add(self._outlook.comment(match, self._open))
            case "close":
                self._outlook.check_name(match, "close")
                place = self._source.place(match.start())
                opened = close(match["close"].lower(), place, self._open)
                if opened.name == RAW_HTML:
                    self._outlook.check_ended()
                self._add(Element(opened.name, opened.place, opened.attributes, tuple(opened.children)))
            case "empty":
                return self._element(match)
            case _:  # a remark
                pass
        return match.end()

    def _element(self, match: re.Match[str]) -> int:
        name, place = match["open"].lower(), self._source.place(match.start())
        self._outlook.check_name(match, "open")
        attributes = read_attributes(self._source, match)
        if match["empty"] or name in VOID:
            self._add(Element(name, place, attributes))
            return match.end()
        if name not in RAW:
            self._open.append(Open(name, place, attributes=attributes))
            self._bound_depth(place)
            return match.end()
        end = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(self._source.text, match.end())
        if end is None:
            raise problem_at(place, f"<{name}> is never closed")
        text = Text(self._source.text[match.end() : end.start()], self._source.place(match.end()))
        self._add(Element(name, place, attributes, (text,)))
        return end.end()

    def _bound_depth(self, place: Place) -> None:
        if len(self._open) > DEEPEST_MARKUP:
            raise problem_at(place, f"more than {DEEPEST_MARKUP} elements and blocks stand inside each other")

    def _text(self, start: int, end: int) -> None:
        if start < end:
            self._add(Text(self._source.text[start:end], self._source.place(start)))

    def _add(self, node: Node) -> None:
        self._open[-1].children.append(node)


class _LenientParser(_Parser):
    """Goes on after a problem, so that the checker sees all of them."""

    def __init__(self, source: Source, wrong: list[TemplateError]) -> None:
        super().__init__(source)
        self._wrong = wrong

    def _take(self, match: re.Match[str]) -> int:
        try:
            return self._token(match)
        except TemplateError as problem:
            if len(self._open) > DEEPEST_MARKUP:
                raise
            if len(self._wrong) < MOST_REPORTED:
                self._wrong.append(problem)
        if match.lastgroup == "close":
            self._close_down_to(match["close"].lower())
        elif tag := _TAG_BEGINS.match(self._source.text, match.start()):
            if tag["name"].lower() not in VOID and not tag["empty"]:
                self._open.append(Open(tag["name"].lower(), self._source.place(match.start())))
            return tag.end()
        return match.end()

    def _left_open(self) -> None:
        left = self._open[-1]
        self._wrong.append(problem_at(left.place, f"{left} is never closed"))
        while len(self._open) > 1:
            self._close_innermost()

    def _close_down_to(self, name: str) -> None:
        """Close what is open inside the element of that name, and the element; nothing if there is none."""
        if not any(each.is_element and each.name == name for each in self._open):
            return
        while self._open[-1].name != name or not self._open[-1].is_element:
            self._close_innermost()
        self._close_innermost()

    def _close_innermost(self) -> None:
        opened = self._open.pop()
        if opened.is_element:
            self._add(Element(opened.name, opened.place, opened.attributes, tuple(opened.children)))
        else:
            self._add(Statement(ENDS[opened.name], opened.place))
