"""Makes the text template of a message from the same tree as its HTML, so that both always say the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from outreach.adapters.templates.markup.blocks import ENDS
from outreach.adapters.templates.markup.tree import Attribute, Element, Node, Statement
from outreach.adapters.templates.output.defaults import Defaults
from outreach.adapters.templates.output.inline_text import InlineText
from outreach.adapters.templates.output.lines import holds_blocks, is_block, parted, unwrapped
from outreach.adapters.templates.output.placeholders import Placeholders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.adapters.templates.output.template_source import TemplateSource

RULE = "-" * 40
GAP = "\n\n"
_ENDS_OF_LINES = re.compile(r"[ \t\r]+\n")
_BLANK_LINES = re.compile(r"\n{3,}")


def text_template(tree: tuple[Node, ...], file: str) -> TemplateSource:
    """The Jinja template of the text part. It may have too many blank lines; `tidy` removes them."""
    kept = Placeholders(file)
    part = _TextPart(kept, Defaults(tree))
    return kept.fill(_BLANK_LINES.sub(GAP, "".join(part.components(tree))))


def tidy(text: str) -> str:
    """One blank line at most, none at the ends, one line break at the end."""
    if " \n" in text or "\t\n" in text or "\r\n" in text:
        text = _ENDS_OF_LINES.sub("\n", text)
    if "\n\n\n" in text:
        text = _BLANK_LINES.sub(GAP, text)
    return text.strip() + "\n"


class _TextPart:
    def __init__(self, kept: Placeholders, defaults: Defaults) -> None:
        self._kept = kept
        self._attribute = defaults.attribute
        self._inline = InlineText(kept)

    def components(self, nodes: tuple[Node, ...]) -> Iterator[str]:
        for node in nodes:
            match node:
                case Statement():
                    yield self._kept.keep([node])
                case Element("mj-head" | "mj-raw" | "mj-spacer" | "o-html"):
                    pass
                case Element(
                    "mj-text" | "o-text" | "mj-accordion-title" | "mj-accordion-text", children=children
                ):
                    yield from self._flow(children, "")
                case Element("mj-button" | "mj-navbar-link" | "mj-social-element"):
                    yield self._link(node) + GAP
                case Element("mj-image" | "mj-carousel-image"):
                    yield self._image(self._attribute(node, "alt"), self._attribute(node, "href"))
                case Element("mj-table", children=children):
                    yield from self._rows(children)
                    yield GAP
                case Element("mj-divider"):
                    yield RULE + GAP
                case Element(children=children):
                    yield from self.components(children)
                case _:
                    pass

    def _flow(self, nodes: tuple[Node, ...], indent: str) -> Iterator[str]:
        """Block elements and runs of words, in the order in which they stand."""
        run: list[Node] = []
        blocks: list[bool] = []
        for index, node in enumerate(nodes):
            if isinstance(node, Statement) and node.keyword != "set":
                if node.keyword in ENDS:
                    blocks.append(holds_blocks(nodes[index:]))
                is_around_blocks = blocks[-1]
                if node.keyword.startswith("end"):
                    blocks.pop()
                if is_around_blocks:
                    yield self._paragraph(run, indent)
                    yield self._kept.keep([node])
                    run = []
                    continue
            if isinstance(node, Element) and is_block(node):
                yield self._paragraph(run, indent)
                run = []
                yield from self._block(node, indent)
            else:
                run.append(node)
        yield self._paragraph(run, indent)

    def _paragraph(self, run: list[Node], indent: str) -> str:
        parts = (self._inline.paragraph(part, first=indent, rest=indent) for part in parted(run))
        return "".join(words + GAP for words in parts if words.strip())

    def _block(self, element: Element, indent: str) -> Iterator[str]:
        match element.name:
            case "o-html":
                pass
            case "ul" | "ol":
                yield from self._list(element, indent)
            case "table":
                yield from self._rows(element.children)
                yield GAP
            case "h1" | "h2" as level:
                yield self._inline.heading(element.children, "=" if level == "h1" else "-") + GAP
            case "hr":
                yield RULE + GAP
            case "blockquote":
                yield from self._flow(element.children, indent + "> ")
            case _:
                yield from self._flow(element.children, indent)

    def _list(self, element: Element, indent: str) -> Iterator[str]:
        """A line for each item; numbers are counted here, so an ordered list with a loop has dashes."""
        counted = element.name == "ol" and not any(isinstance(n, Statement) for n in element.children)
        number = 0
        for node in element.children:
            if isinstance(node, Statement):
                yield self._kept.keep([node])
            elif isinstance(node, Element) and node.name == "li":
                number += 1
                mark = f"{number}. " if counted else "- "
                rest = indent + " " * len(mark)
                yield self._inline.paragraph(unwrapped(node.children), first=indent + mark, rest=rest) + "\n"
        yield "\n"

    def _rows(self, nodes: tuple[Node, ...]) -> Iterator[str]:
        """A line for each row of a table, two spaces between its cells."""
        for node in nodes:
            match node:
                case Statement():
                    yield self._kept.keep([node])
                case Element("tr", children=children):
                    yield from self._row([c for c in children if isinstance(c, Statement | Element)])
                case Element("thead" | "tbody" | "tfoot", children=children):
                    yield from self._rows(children)
                case _:
                    pass

    def _row(self, cells: list[Statement | Element]) -> Iterator[str]:
        """A lone cell is a box around text; a number in front makes a numbered list; the rest is a table."""
        if len(cells) == 1 and isinstance(cells[0], Element):
            yield from self._flow(cells[0].children, "")
            return
        texts = [
            self._inline.line((c,) if isinstance(c, Statement) else unwrapped(c.children)) for c in cells
        ]
        if texts[0].isdigit() and isinstance(cells[-1], Element):
            mark = f"{texts[0]}. "
            words = unwrapped(cells[-1].children)
            yield self._inline.paragraph(words, first=mark, rest=" " * len(mark)) + GAP
            return
        yield "  ".join(text for text in texts if text) + "\n"

    def _link(self, element: Element) -> str:
        """Its text; an icon without text has its alternative text, or the name of the network."""
        label = self._inline.line(element.children)
        href = self._attribute(element, "href")
        if not label and element.name == "mj-social-element":
            alt, name = self._attribute(element, "alt"), self._attribute(element, "name")
            label = self._inline.value(alt) if alt else ""
            label = label or (name.source.removesuffix("-noshare").capitalize() if name and href else "")
        return self._inline.link(label, href, "{label}: {url}")

    def _image(self, alt: Attribute | None, href: Attribute | None) -> str:
        if alt is None or not alt.source.strip():
            return ""
        label = self._inline.value(alt)
        return self._inline.link(label, href, "{label}: {url}") + GAP
