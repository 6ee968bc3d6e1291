"""The tokens of a template: tags of markup, tags of Jinja, and the places where they stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from outreach.adapters.templates.markup.tree import Output, Place, Slot, Statement, Text, problem_at
from outreach.adapters.templates.sandbox.limits import LARGEST_SOURCE
from outreach.adapters.templates.sandbox.syntax import CURLY_QUOTES

if TYPE_CHECKING:
    from collections.abc import Mapping

SLOT = "\ue000{}\ue001"
"""Marks where a part shows its content; private-use characters, which no keyboard types."""
RESERVED = re.compile(r"oq\d+qo")
"""Our own marks, which replace Jinja while MJML is compiled."""
KEYWORDS = frozenset({"if", "elif", "else", "endif", "for", "endfor", "set"})

_STRING = r""" "(?:\\.|[^"\\])*+" | '(?:\\.|[^'\\])*+' """
_OUTPUT = rf"\{{\{{ (?:{_STRING} | [^\"'}}] | \}}(?!\}}) )*+ \}}\}}"
_STATEMENT = rf"\{{% (?:{_STRING} | [^\"'%] | %(?!\}}) )*+ %\}}"
_JINJA = rf"{_OUTPUT} | {_STATEMENT}"
_VALUE = rf""" "(?:{_JINJA} | [^"])*+" | '(?:{_JINJA} | [^'])*+' """
_ATTRIBUTE = rf"""\s+ (?P<attribute>[^\s=<>"'/{{}}]+) (?: \s*=\s* (?P<value>{_VALUE}) )?"""
_ANY_ATTRIBUTE = re.sub(r"\?P<\w+>", "?:", _ATTRIBUTE)
TOKEN = re.compile(
    rf"""
      (?P<output>{_OUTPUT})
    | (?P<statement>{_STATEMENT})
    | (?P<outlook> <!--\[if\s[\w\s!|&().]*\]> (?:<!-->|-->)? )
    | (?P<endif> (?:<!--)?<!\[endif\]--> )
    | (?P<remark> \{{\#.*?\#\}} | <!--(?!\[).*?--> )
    | </ (?P<close>(?:[ovw]:)?[a-zA-Z][\w-]*) \s*>
    | < (?P<open>(?:[ovw]:)?[a-zA-Z][\w-]*) (?P<attributes>(?:{_ANY_ATTRIBUTE})*+) \s* (?P<empty>/?) >
    | \ue000 (?P<slot>[\w-]+) \ue001
    | (?P<stray> < | \{{\{{ | \{{% | \{{\# )
    """,
    re.VERBOSE | re.DOTALL,
)
BEGIN = re.compile("[<{\ue000]")
"""Where a token may begin: finding that first is ten times faster than trying every token everywhere."""
ATTRIBUTES = re.compile(_ATTRIBUTE, re.VERBOSE | re.DOTALL)
_STRAY = {
    "<": 'this is no well-formed tag: write name="value" with quotes, keep Jinja inside the quotes, '
    "and write a bare < as &lt;",
    "{{": "this {{ is never closed: end it with }}",
    "{%": "this {% is never closed: end it with %}",
    "{#": "this {# is never closed: end it with #}",
}


FROM_WORD = "this was pasted from Word: paste it again as plain text"
_OF_WORD = re.compile(
    r"""</?[ovwmx]\d*:\w|<!--\[if\s[^\]]*(?:supportLists|gte\s+(?:mso|vml))|<!\[(?:if|endif)|<\w+[^<>]*\sclass=["']?Mso"""
)
_TAG_TEXT = re.compile(r"<[^<>]{0,500}")


def stray_problem(text: str, stray: re.Match[str]) -> str:
    """What is wrong where an invalid tag begins, and what would be right."""
    if stray["stray"] != "<":
        return _STRAY[stray["stray"]]
    tag = _TAG_TEXT.match(text, stray.start())
    if tag and (curly := next((mark for mark in CURLY_QUOTES if mark in tag[0]), None)):
        return f"this is no well-formed tag: write straight quotes, ' or \", instead of {curly}"
    if is_of_word(text, stray.start()):
        return FROM_WORD
    return _STRAY["<"]


def is_of_word(text: str, offset: int) -> bool:
    """Whether a tag is one that Word writes for itself."""
    return _OF_WORD.match(text, offset) is not None


@dataclass(slots=True)
class Source:
    """The text of a file, and where in it an offset is."""

    text: str
    file: str
    constants: Mapping[str, str] = field(default_factory=dict)
    """Values that are the same for every customer, such as `brand.name`, as markup: filled in at once."""
    is_part: bool = False
    """Only in parts, slots may stand."""
    _lines: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._lines = [0, *(match.end() for match in re.finditer("\n", self.text))]
        if len(self.text) > LARGEST_SOURCE:
            problem = f"this file is longer than {LARGEST_SOURCE} characters: no mail program shows it all"
            raise problem_at(Place(self.file, 1, 1), problem)
        if found := RESERVED.search(self.text):
            raise problem_at(self.place(found.start()), f"{found[0]!r} stands for something else here")

    def place(self, offset: int) -> Place:
        """Line and column of an offset."""
        line = bisect_right(self._lines, offset)
        return Place(self.file, line, offset - self._lines[line - 1] + 1)

    def output(self, match: re.Match[str]) -> Output | Text:
        """The `{{ }}` that was matched, or what it shows. Raises TemplateError if it is empty."""
        place = self.place(match.start())
        code = _code(match["output"], place)
        constant = self.constants.get(code)
        return Output(code, place) if constant is None else Text(constant, place)

    def slot(self, match: re.Match[str]) -> Slot:
        """The placeholder of a part's content. Raises TemplateError outside of parts."""
        place = self.place(match.start())
        if not self.is_part:
            raise problem_at(place, "this character cannot stand here: it is not one that people read")
        return Slot(match["slot"], place)

    def statement(self, match: re.Match[str]) -> Statement:
        """The `{% %}` that was matched. Raises TemplateError for a statement that templates do not have."""
        place = self.place(match.start())
        statement = Statement(_code(match["statement"], place), place)
        if statement.keyword not in KEYWORDS:
            near = get_close_matches(statement.keyword, KEYWORDS, n=1)
            right = f"did you mean {near[0]!r}?" if near else "use if, for or set, and the parts in _layout"
            raise problem_at(place, f"{{% {statement.keyword} %}} is not available here: {right}")
        return statement


def _code(tag: str, place: Place) -> str:
    code = tag[2:-2]
    if code[:1] in {"-", "+"} or code[-1:] in {"-", "+"}:
        raise problem_at(place, "leave out the - or + of this tag: spaces are taken care of")
    if not code.strip():
        raise problem_at(place, "this tag is empty")
    return code.strip()
