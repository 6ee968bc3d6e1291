"""Makes the HTML template of a message: MJML is compiled once, with placeholders where Jinja was."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

import mrml

from outreach.adapters.templates.markup.components import HTML_INSIDE
from outreach.adapters.templates.markup.rules import FACTS_IN
from outreach.adapters.templates.markup.tree import (
    Element,
    Node,
    OutlookComment,
    Output,
    Statement,
    Text,
    problem_at,
)
from outreach.adapters.templates.output.addresses import attribute_pieces
from outreach.adapters.templates.output.defaults import Defaults
from outreach.adapters.templates.output.fluid_hero import fluid_mark, with_heights
from outreach.adapters.templates.output.html_source import (
    REMARK,
    kept_html,
    read_html,
    rows,
    shown_html,
    without_remarks,
)
from outreach.adapters.templates.output.lengths import as_written, in_pixels
from outreach.adapters.templates.output.placeholders import Placeholders
from outreach.domain.sending.rendering import TemplateError

if TYPE_CHECKING:
    from outreach.adapters.templates.output.template_source import TemplateSource

OPTIONS = mrml.RenderOptions(fonts={})
"""Without this, a font called Roboto makes every reader's mail program request it from Google."""
TABLES = frozenset({"mj-column", "mj-hero"})
"""Components whose children become rows of a table, between which HTML allows comments and no text."""
_OFFSET = re.compile(r"(\d+):\d+\Z")
_AS_MJML = "take it out, or write it as https://documentation.mjml.io has it"
_CSS_REMARK = re.compile(r"""(?P<string>"[^"]*"|'[^']*')|/\*.*?\*/""", re.DOTALL)


def html_template(tree: tuple[Node, ...], file: str) -> TemplateSource:
    """The Jinja template of the HTML part. The tree is a whole checked MJML document.

    Raises TemplateError if the MJML compiler refuses what our own rules accept.
    """
    kept = Placeholders(file)
    mjml = _Mjml(kept, Defaults(tree), moves_styles=_moves_styles(tree))
    mjml.write(tree, "")
    try:
        html = mrml.to_html("".join(mjml.written), render_options=OPTIONS).content
    except OSError as error:  # the compiler's only error
        raise mjml.refusal(str(error), file) from None
    return kept.fill(without_remarks(as_written(with_heights(html))))


def _moves_styles(nodes: tuple[Node, ...]) -> bool:
    """Whether there is a style sheet whose rules the compiler writes into their elements.

    Then it must see those elements, and parses the whole page as a browser does.
    """
    for node in nodes:
        if isinstance(node, Element) and node.name in {"mjml", "mj-head", "mj-style"}:
            inline = node.attributes.get("inline")
            if _moves_styles(node.children) or (inline is not None and inline.source == "inline"):
                return True
    return False


class _Mjml:
    """Writes MJML again, with placeholders for everything that is not MJML."""

    def __init__(self, kept: Placeholders, defaults: Defaults, *, moves_styles: bool) -> None:
        self._kept = kept
        self._defaults = defaults
        self._moves_styles = moves_styles
        self._starts: list[tuple[int, Element]] = []
        """How much was written before each component."""
        self.written: list[str] = []

    def refusal(self, error: str, file: str) -> TemplateError:
        """What the compiler does not read, at the last component that begins before it."""
        found = _OFFSET.search(error)
        offset = int(found[1]) if found else -1
        ends = list(accumulate(map(len, self.written), initial=0))
        before = [element for pieces, element in self._starts if ends[pieces] <= offset]
        if not before:
            return TemplateError(f"this page cannot be laid out; {_AS_MJML}", file=file)
        return problem_at(before[-1].place, f"<{before[-1].name}> cannot be laid out as it is; {_AS_MJML}")

    def write(self, nodes: tuple[Node, ...], parent: str) -> None:
        for node in nodes:
            match node:
                case Statement():
                    mark = self._kept.keep([node])
                    if self._moves_styles and parent in TABLES:
                        mark = REMARK.format(mark)
                    self.written.append(f"<mj-raw>{mark}</mj-raw>")
                case Text() if parent == "mj-style":
                    self.written.append(_CSS_REMARK.sub(r"\g<string>", node.source))
                case Text():
                    pass  # blanks between components, some of which the compiler refuses
                case Output():
                    self.written.append(self._kept.keep([node]))
                case Element("o-html", children=children):
                    self.write(children, parent)
                case Element("o-text"):
                    pass
                case Element():
                    self._component(node, parent)

    def _component(self, element: Element, parent: str) -> None:
        self._starts.append((len(self.written), element))
        start = f"<{element.name}"
        for attribute in element.attributes.values():
            name = attribute.name
            value = in_pixels(name, attribute.source).replace('"', "&quot;")
            if name in FACTS_IN:
                value = self._kept.keep(attribute_pieces(attribute))
            start += f' {name}="{value}"'
        mark = fluid_mark(element, self._defaults)
        if not element.children and not mark:
            self.written.append(f"{start}/>")
            return
        self.written.append(f"{start}>")
        if element.name in HTML_INSIDE:
            if parent == "mj-wrapper":
                self.written.append(shown_html(element.children, self._kept))
            elif self._moves_styles and element.name != "mj-title" and not _holds_comment(element):
                read = rows if element.name == "mj-table" else read_html
                self.written.append(read(element.children, self._kept))
            else:
                self.written.append(kept_html(element.children, self._kept))
        else:
            self.written.append(mark)
            self.write(element.children, element.name)
            self.written.append(mark)
        self.written.append(f"</{element.name}>")


def _holds_comment(element: Element) -> bool:
    """Whether something is for Outlook, where a placeholder that is a comment would end another comment."""
    return any(
        isinstance(node, OutlookComment) or (isinstance(node, Element) and _holds_comment(node))
        for node in element.children
    )
