"""Text, links and line breaks as plain text; wrapped when loaded, unless its length depends on facts."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from outreach.adapters.templates.markup.rules import leads_nowhere
from outreach.adapters.templates.markup.tree import Attribute, Element, Node, Output, Slot, Statement, Text
from outreach.adapters.templates.output.addresses import attribute_pieces
from outreach.adapters.templates.output.placeholders import TOKEN, Placeholders
from outreach.adapters.templates.output.template_source import Piece, Shaped
from outreach.adapters.templates.sandbox.wrapping import underline, wrap

if TYPE_CHECKING:
    from collections.abc import Callable

_BREAK = "\ue002"
_SPACES = re.compile(r"[ \t\r\n]+")
_ONLY_FOR_HTML = re.compile("[\u200b\ufeff\u034f\u00ad]")
_LOOSE_JOINERS = re.compile(rf"(?:(?<=[\s{_BREAK}])|\A)[\u200c\u200d]+|[\u200c\u200d]+(?=[\s{_BREAK}]|\Z)")
"""Joiners without effect, as in filler after a preheader. Inside a word, Persian and emoji need them."""


def unescaped(source: str) -> str:
    """Text as people see it: references resolved, HTML's own characters taken out; joiners stay."""
    return _ONLY_FOR_HTML.sub("", unescape(source)).replace("\u00a0", " ")


def without_loose_joiners(text: str) -> str:
    """The text without the joiners (U+200C, U+200D) at the beginnings and ends of words."""
    return _LOOSE_JOINERS.sub("", text)


class InlineText:
    """Turns inline nodes into text with placeholders for facts, conditions and addresses."""

    def __init__(self, kept: Placeholders) -> None:
        self._kept = kept

    def line(self, nodes: tuple[Node, ...]) -> str:
        """All on one line."""
        return " ".join(self._text(nodes).replace(_BREAK, " ").split())

    def paragraph(self, nodes: tuple[Node, ...], *, first: str = "", rest: str = "") -> str:
        """In lines of at most `wrapping.WIDTH`; `first` and `rest` begin the first and the other lines."""
        return self._shaped(nodes, wrap, "wrap", first, rest)

    def heading(self, nodes: tuple[Node, ...], stroke: str) -> str:
        """With a line of strokes below it."""
        return self._shaped(nodes, underline, "underline", stroke)

    def _shaped(self, nodes: tuple[Node, ...], shape: Callable[..., str], name: str, *how: str) -> str:
        """Wrapped now, or where it holds facts, by the filter of that name when it is sent."""
        text = "\n".join(" ".join(line.split()) for line in self._text(nodes).split(_BREAK)).strip()
        if not text or not TOKEN.search(text):
            return shape(text, *how) if text else ""
        return self._kept.keep([Shaped(name, how, nodes[0].place, (text,))])

    def link(self, label: str, href: Attribute | None, form: str) -> str:
        """A label with its address in the given form; the address alone where the label is the address."""
        if href is None or (leads_nowhere(href) and not href.source.strip().startswith("[")):
            return label
        url = self._url(href)
        if href.is_literal and label == unescaped(href.source).removeprefix("mailto:"):
            return label
        return form.format(label=label, url=url) if label else url

    def value(self, attribute: Attribute) -> str:
        """The text of an attribute such as `alt`."""
        return without_loose_joiners("".join(self._piece(piece) for piece in attribute.value))

    def _text(self, nodes: tuple[Node, ...]) -> str:
        return without_loose_joiners(_SPACES.sub(" ", "".join(map(self._piece, nodes))))

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
            case Element("o-html") | Slot():
                return ""
            case Element(children=children):
                return "".join(map(self._piece, children))

    def _url(self, href: Attribute) -> str:
        pieces: list[Piece] = [unescape(p) if isinstance(p, str) else p for p in attribute_pieces(href)]
        return self._kept.keep(pieces)
