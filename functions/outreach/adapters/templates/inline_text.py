"""Words, links and line breaks as plain text, wrapped when a message is loaded and not each time it is sent."""

import re
from html import unescape

from outreach.adapters.templates.html_part import attribute_pieces
from outreach.adapters.templates.markup import Attribute, Element, Node, Output, Statement, Text
from outreach.adapters.templates.placeholders import TOKEN, Piece, Placeholders

WIDTH = 72
_BREAK = "\ue002"
_SPACES = re.compile(r"[ \t\r\n]+")


def unescaped(source: str) -> str:
    """Text as people see it: references resolved, what only HTML needs taken out."""
    text = unescape(source)
    return re.sub("[\u200b\u200c\u200d\ufeff\u034f\u00ad]", "", text).replace("\u00a0", " ")


class InlineText:
    """Turns inline nodes into text with placeholders for everything that must not be wrapped."""

    def __init__(self, kept: Placeholders) -> None:
        self._kept = kept

    def line(self, nodes: tuple[Node, ...]) -> str:
        """All on one line."""
        return " ".join(self._text(nodes).replace(_BREAK, " ").split())

    def paragraph(self, nodes: tuple[Node, ...], *, first: str, rest: str) -> str:
        """Wrapped at WIDTH; `first` and `rest` begin the first and the other lines."""
        lines: list[str] = []
        for line in self._text(nodes).split(_BREAK):
            current = rest if lines else first
            empty = True
            for word in line.split():
                if not empty and self._width(current) + 1 + self._width(word) > WIDTH:
                    lines.append(current)
                    current, empty = rest, True
                current += word if empty else f" {word}"
                empty = False
            if not empty or lines:
                lines.append(current)
        return "\n".join(lines).rstrip()

    def link(self, label: str, href: Attribute | None, form: str) -> str:
        """A label with its address in the given form; the address alone where the label is the address."""
        if href is None:
            return label
        url = self._url(href)
        if href.is_literal and label == unescaped(href.source):
            return url
        return form.format(label=label, url=url) if label else url

    def value(self, attribute: Attribute) -> str:
        """The text of an attribute such as `alt`."""
        return "".join(self._piece(piece) for piece in attribute.value)

    def _text(self, nodes: tuple[Node, ...]) -> str:
        return _SPACES.sub(" ", "".join(map(self._piece, nodes)))

    def _piece(self, node: Node) -> str:
        match node:
            case Text():
                return unescaped(_SPACES.sub(" ", node.source))
            case Output() | Statement():
                return self._kept.keep([node])
            case Element("br"):
                return _BREAK
            case Element("img", attributes=attributes):
                return self.value(attributes["alt"]) if "alt" in attributes else ""
            case Element("a", attributes=attributes, children=children):
                return self.link(self.line(children), attributes.get("href"), "{label} <{url}>")
            case Element("o-html"):
                return ""
            case Element(children=children):
                return "".join(map(self._piece, children))

    def _url(self, href: Attribute) -> str:
        pieces: list[Piece] = [unescape(p) if isinstance(p, str) else p for p in attribute_pieces(href)]
        return self._kept.keep(pieces)

    def _width(self, text: str) -> int:
        return len(TOKEN.sub(lambda match: "x" * self._kept.width(match), text))
