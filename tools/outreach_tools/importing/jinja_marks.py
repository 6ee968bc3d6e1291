"""Replaces Jinja while HTML is cleaned: by characters in text and addresses, by comments between elements."""

import re
from dataclasses import dataclass, field
from html import unescape

from outreach.adapters.templates.output.inline_text import unescaped, without_loose_joiners

_FORGED = re.compile(r"([oz])q(?=\d+q[oz])")
_UNREAD = re.compile("[\x00\ue000-\uf8ff]")
_BRACES = re.compile(r"\{(?=[{%#]|\Z|(?:<!--)?zq\d+qz)")
_MARK = re.compile(r"<!--zq(\d+)qz-->|zq(\d+)qz")
_TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
_ELEMENT = re.compile(r"<[^!>][^>]*>")
LONGEST_GAP = 120
"""Characters of the source that a gap shows."""


def without_marks(text: str) -> str:
    """A text in which nothing looks like a mark, ours or the templates', before any is made."""
    return _FORGED.sub(r"\1-q", _UNREAD.sub("", text))


def literal(text: str, *, is_html: bool) -> str:
    """Braces that were left over, written so that they are not read as Jinja."""
    return _BRACES.sub("&#123;" if is_html else "{ ", text)


@dataclass(slots=True)
class JinjaMarks:
    """The tags that were taken out, by their number."""

    _tags: list[str] = field(default_factory=list)
    _statements: set[int] = field(default_factory=set)
    _gaps: set[int] = field(default_factory=set)

    def output(self, expression: str) -> str:
        """The mark of a tag that shows something."""
        self._tags.append(f"{{{{ {expression} }}}}")
        return f"zq{len(self._tags) - 1}qz"

    def statement(self, code: str, *, inside_tag: bool) -> str:
        """The mark of a condition or loop; between elements it is a comment, which stays where it is."""
        self._statements.add(len(self._tags))
        self._tags.append(f"{{% {code} %}}")
        return self._mark(inside_tag=inside_tag)

    def gap(self, what: str, *, inside_tag: bool) -> str:
        """The mark of something that was not translated, with which no message can be published."""
        self._gaps.add(len(self._tags))
        self._tags.append(f'{{{{ import_gap("{_shown(what)}") }}}}')
        return self._mark(inside_tag=inside_tag)

    def _mark(self, *, inside_tag: bool) -> str:
        mark = f"zq{len(self._tags) - 1}qz"
        return mark if inside_tag else f"<!--{mark}-->"

    def leads_nowhere(self, address: str) -> bool:
        """Whether an address begins with a fact that may be empty and is none, such as a name."""
        match = _MARK.match(address)
        return match is not None and self._tags[_number(match)].endswith(' or "" }}')

    def restore(self, text: str) -> str:
        """Every mark as Jinja again."""
        return _MARK.sub(lambda match: self._tags[_number(match)], text)

    def lost_gaps(self, html: str) -> str:
        """The marks of gaps whose place was removed by cleaning."""
        kept = {_number(match) for match in _MARK.finditer(html)}
        return "".join(f"<!--zq{number}qz-->" for number in sorted(self._gaps - kept))

    def gaps_in(self, text: str) -> str:
        """The marks of the gaps in a text."""
        found = (_number(match) for match in _MARK.finditer(text))
        return "".join(f"<!--zq{number}qz-->" for number in found if number in self._gaps)

    def without_gaps(self, text: str) -> str:
        """The text without the marks of gaps."""
        return _MARK.sub(lambda match: "" if _number(match) in self._gaps else match[0], text)

    def controlled(self, html: str) -> list[str]:
        """The statements in order with the text after each: what they control must not change."""
        found, last = [], 0
        for match in _MARK.finditer(html):
            if (number := _number(match)) in self._statements:
                found += [_words(html[last : match.start()]), str(number)]
                last = match.end()
        return [*found, _words(html[last:])] if found else []

    def for_every_customer(self, html: str) -> str:
        """The first text of HTML that no condition or loop controls, up to a gap."""
        html = _ELEMENT.sub(" ", html)
        depth, last, pieces = 0, 0, [""]
        for match in _MARK.finditer(html):
            number = _number(match)
            if number not in self._statements | self._gaps:
                continue
            pieces[-1] += " " + html[last : match.start()] if depth == 0 else ""
            last = match.end()
            if number in self._gaps:
                pieces.append("")
                continue
            code = self._tags[number]
            depth += code.startswith(("{% if ", "{% for ")) - code.startswith("{% end")
        pieces[-1] += " " + html[last:] if depth == 0 else ""
        words = (" ".join(without_loose_joiners(unescaped(piece)).split()) for piece in pieces)
        return next((each for each in words if any(map(str.isalpha, _MARK.sub("", each)))), "")

    @property
    def has_statements(self) -> bool:
        return bool(self._statements)


def _number(match: re.Match[str]) -> int:
    return int(match[1] or match[2])


def _words(html: str) -> str:
    return "".join(unescape(_TAG.sub("", html)).split())


def _shown(what: str) -> str:
    """A text that can stand in a string of Jinja, of one line."""
    text = re.sub(r"[{}\\]|%(?=\})|(?<=\{)%", "", what).replace('"', "'").strip(" %#-~")
    text = " ".join(text.split())
    return f"{text[:LONGEST_GAP]}..." if len(text) > LONGEST_GAP else text or "a tag"
