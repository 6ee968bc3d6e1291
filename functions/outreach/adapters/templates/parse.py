"""Turns the source of a message or part into a tree, strictly, so that a slip is found where it was made."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from outreach.adapters.templates.markup import (
    Attribute,
    Element,
    Inline,
    Node,
    Output,
    Place,
    Statement,
    Text,
)
from outreach.domain.rendering import TemplateError

VOID = frozenset({"br", "hr", "img", "wbr", "meta"})
"""Elements that HTML never closes."""
RAW = frozenset({"mj-style"})
"""Elements whose content is not markup."""
SLOT = "\ue000{}\ue001"
"""Marks where `parse` puts nodes that are parsed already; private-use characters, which nobody types."""
ENDS = {"if": "endif", "for": "endfor"}
KEYWORDS = frozenset({"if", "elif", "else", "endif", "for", "endfor", "set"})

_STRING = r""" "(?:\\.|[^"\\])*+" | '(?:\\.|[^'\\])*+' """
_OUTPUT = rf"\{{\{{ (?:{_STRING} | [^\"'}}] | \}}(?!\}}) )*+ \}}\}}"
_STATEMENT = rf"\{{% (?:{_STRING} | [^\"'%] | %(?!\}}) )*+ %\}}"
_JINJA = rf"{_OUTPUT} | {_STATEMENT}"
_VALUE = rf""" "(?:{_JINJA} | [^"])*+" | '(?:{_JINJA} | [^'])*+' """
_ATTRIBUTE = rf"""\s+ (?P<attribute>[^\s=<>"'/{{}}]+) (?: \s*=\s* (?P<value>{_VALUE}) )?"""
_ANY_ATTRIBUTE = re.sub(r"\?P<\w+>", "?:", _ATTRIBUTE)
_TOKEN = re.compile(
    rf"""
      (?P<output>{_OUTPUT})
    | (?P<statement>{_STATEMENT})
    | (?P<remark> \{{\#.*?\#\}} | <!--(?!\[).*?--> )
    | </ (?P<close>[a-zA-Z][\w-]*) \s*>
    | < (?P<open>[a-zA-Z][\w-]*) (?P<attributes>(?:{_ANY_ATTRIBUTE})*+) \s* (?P<empty>/?) >
    | \ue000 (?P<slot>[\w-]+) \ue001
    | (?P<stray> < | \{{\{{ | \{{% | \{{\# )
    """,
    re.VERBOSE | re.DOTALL,
)
_ATTRIBUTES = re.compile(_ATTRIBUTE, re.VERBOSE | re.DOTALL)
_STRAY = {
    "<": 'this is no well-formed tag: write name="value" with quotes, keep Jinja inside the quotes, '
    "and write a bare < as &lt;",
    "{{": "this {{ is never closed: end it with }}",
    "{%": "this {% is never closed: end it with %}",
    "{#": "this {# is never closed: end it with #}",
}


@dataclass(slots=True)
class _Open:
    """An element or a Jinja block whose end has not been seen yet."""

    name: str
    place: Place
    element: bool
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)

    def __str__(self) -> str:
        return f"<{self.name}>" if self.element else f"{{% {self.name} %}}"


def parse(
    source: str, file: str, *, start: int = 0, slots: Mapping[str, tuple[Node, ...]] | None = None
) -> tuple[Node, ...]:
    """Parse `source` from offset `start`; `slots` are put where `SLOT` marks their names.

    Raises TemplateError at the first tag that is not well formed, closed twice or never closed.
    """
    return _Parser(source, file, slots or {}).parse(start)


class _Parser:
    def __init__(self, source: str, file: str, slots: Mapping[str, tuple[Node, ...]]) -> None:
        self._source = source
        self._file = file
        self._slots = slots
        self._lines = [0, *(match.end() for match in re.finditer("\n", source))]
        self._root = _Open("", Place(file, 1, 1), element=True)
        self._open = [self._root]

    def parse(self, start: int) -> tuple[Node, ...]:
        offset = start
        while match := _TOKEN.search(self._source, offset):
            self._text(self._source[offset : match.start()], offset)
            offset = self._token(match)
        self._text(self._source[offset:], offset)
        if (left := self._open[-1]) is not self._root:
            raise self._problem(f"{left} is never closed", left.place)
        return tuple(self._root.children)

    def _token(self, match: re.Match[str]) -> int:
        """Take one token in; the offset at which to go on."""
        place = self._place(match.start())
        match match.lastgroup:
            case "stray":
                raise self._problem(_STRAY[match["stray"]], place)
            case "output":
                self._add(Output(self._code(match["output"], place), place))
            case "statement":
                self._statement(Statement(self._code(match["statement"], place), place))
            case "slot":
                for node in self._slots[match["slot"]]:
                    self._add(node)
            case "close":
                self._close(match["close"].lower(), place)
            case "empty":
                return self._element(match, place)
            case _:
                pass
        return match.end()

    def _element(self, match: re.Match[str], place: Place) -> int:
        name = match["open"].lower()
        attributes = self._attributes(match)
        if match["empty"] or name in VOID:
            self._add(Element(name, place, attributes))
            return match.end()
        if name in RAW:
            end = self._source.find(f"</{name}>", match.end())
            if end < 0:
                raise self._problem(f"<{name}> is never closed", place)
            text = Text(self._source[match.end() : end], self._place(match.end()))
            self._add(Element(name, place, attributes, (text,)))
            return end + len(f"</{name}>")
        self._open.append(_Open(name, place, True, attributes))
        return match.end()

    def _close(self, name: str, place: Place) -> None:
        opened = self._open[-1]
        if not opened.element:
            right = f"write {{% {ENDS[opened.name]} %}} before it"
            raise self._problem(f"</{name}> ends inside {opened} of line {opened.place.line}: {right}", place)
        if opened is self._root or opened.name != name:
            right = "it was never opened" if opened is self._root else f"expected </{opened.name}> first"
            raise self._problem(f"</{name}> closes nothing: {right}", place)
        self._open.pop()
        self._add(Element(name, opened.place, opened.attributes, tuple(opened.children)))

    def _statement(self, statement: Statement) -> None:
        self._balance(statement, self._open)
        self._add(statement)

    def _balance(self, statement: Statement, stack: list[_Open]) -> None:
        """Blocks must begin and end inside the same element, or the markup around them would break."""
        keyword = statement.keyword
        if keyword in ENDS:
            children = stack[-1].children if stack else []
            stack.append(_Open(keyword, statement.place, False, children=children))
            return
        if keyword == "set":
            return
        block = stack[-1] if stack and not stack[-1].element else None
        fitting = {"endif": "if", "elif": "if", "endfor": "for"}.get(keyword)
        if block is None or (fitting and block.name != fitting):
            inside = f" inside {stack[-1]} of line {stack[-1].place.line}" if len(stack) > 1 else ""
            raise self._problem(f"{{% {keyword} %}} has nothing to belong to{inside}", statement.place)
        if keyword.startswith("end"):
            stack.pop()

    def _attributes(self, tag: re.Match[str]) -> dict[str, Attribute]:
        attributes: dict[str, Attribute] = {}
        for match in _ATTRIBUTES.finditer(self._source, tag.start("attributes"), tag.end("attributes")):
            name, place = match["attribute"].lower(), self._place(match.start("attribute"))
            if name in attributes:
                raise self._problem(f"{name} is given twice", place)
            attributes[name] = Attribute(name, self._value(match), place)
        return attributes

    def _value(self, attribute: re.Match[str]) -> tuple[Inline, ...]:
        if attribute["value"] is None:
            return ()
        offset, end = attribute.start("value") + 1, attribute.end("value") - 1
        pieces: list[Inline] = []
        blocks: list[_Open] = []
        for match in _TOKEN.finditer(self._source, offset, end):
            if match["stray"] == "<" or match["open"] or match["close"] or match["remark"]:
                continue
            place = self._place(match.start())
            pieces += self._literal(offset, match.start())
            offset = match.end()
            if match["stray"]:
                raise self._problem(_STRAY[match["stray"]], place)
            if match["output"]:
                pieces.append(Output(self._code(match["output"], place), place))
            elif match["statement"]:
                statement = Statement(self._code(match["statement"], place), place)
                self._balance(statement, blocks)
                pieces.append(statement)
            else:
                pieces += self._inline_slot(match["slot"], place)
        if blocks:
            raise self._problem(f"{blocks[-1]} is never closed inside this value", blocks[-1].place)
        return (*pieces, *self._literal(offset, end))

    def _literal(self, start: int, end: int) -> list[Text]:
        return [Text(self._source[start:end], self._place(start))] if start < end else []

    def _inline_slot(self, name: str, place: Place) -> list[Inline]:
        nodes = [node for node in self._slots[name] if not isinstance(node, Element)]
        if len(nodes) != len(self._slots[name]):
            raise self._problem("an element cannot stand inside an attribute's value", place)
        return nodes

    def _code(self, tag: str, place: Place) -> str:
        code = tag[2:-2]
        if code[:1] in {"-", "+"} or code[-1:] in {"-", "+"}:
            raise self._problem("leave out the - or + of this tag: spaces are taken care of", place)
        code = code.strip()
        if not code:
            raise self._problem("this tag is empty", place)
        if tag.startswith("{%") and code.split(None, 1)[0] not in KEYWORDS:
            right = "use if, for or set, and the parts in _layout"
            raise self._problem(f"{{% {code.split(None, 1)[0]} %}} is not available here: {right}", place)
        return code

    def _text(self, text: str, offset: int) -> None:
        if text:
            self._add(Text(text, self._place(offset)))

    def _add(self, node: Node) -> None:
        self._open[-1].children.append(node)

    def _place(self, offset: int) -> Place:
        line = bisect_right(self._lines, offset)
        return Place(self._file, line, offset - self._lines[line - 1] + 1)

    @staticmethod
    def _problem(problem: str, place: Place) -> TemplateError:
        return TemplateError(problem, file=place.file, line=place.line, column=place.column)
