"""Makes the HTML template of a message: MJML is compiled once, with placeholders where Jinja was."""

import mrml

from outreach.adapters.templates.markup.components import HTML_INSIDE
from outreach.adapters.templates.markup.parse import VOID
from outreach.adapters.templates.markup.rules import FACTS_IN
from outreach.adapters.templates.markup.tree import Element, Node, Output, Statement, Text
from outreach.adapters.templates.output.addresses import attribute_pieces
from outreach.adapters.templates.output.placeholders import Placeholders
from outreach.adapters.templates.output.template_source import Piece, TemplateSource
from outreach.domain.rendering import TemplateError

OPTIONS = mrml.RenderOptions(fonts={})
"""Without this, a font called Roboto makes every reader's mail program ask Google for it."""


def html_template(tree: tuple[Node, ...], file: str) -> TemplateSource:
    """The Jinja template of the HTML part. The tree is a whole checked MJML document.

    Raises TemplateError if the MJML compiler refuses what our own rules let through.
    """
    kept = Placeholders(file)
    mjml = _Mjml(kept)
    mjml.write(tree)
    try:
        html = mrml.to_html("".join(mjml.written), render_options=OPTIONS).content
    except OSError as error:  # the compiler's one and only error
        raise TemplateError(f"the MJML compiler refuses this message: {error}", file=file) from None
    return kept.fill(html)


class _Mjml:
    """Writes MJML again, with placeholders for everything that is not MJML's."""

    def __init__(self, kept: Placeholders) -> None:
        self._kept = kept
        self.written: list[str] = []

    def write(self, nodes: tuple[Node, ...]) -> None:
        for node in nodes:
            match node:
                case Statement():
                    self.written.append(f"<mj-raw>{self._kept.keep([node])}</mj-raw>")
                case Text():
                    self.written.append(node.source)
                case Output():
                    self.written.append(self._kept.keep([node]))
                case Element("o-html", children=children):
                    self.write(children)
                case Element("o-text"):
                    pass
                case Element():
                    self._component(node)

    def _component(self, element: Element) -> None:
        start = f"<{element.name}"
        for attribute in element.attributes.values():
            name = attribute.name
            value = self._kept.keep(attribute_pieces(attribute)) if name in FACTS_IN else attribute.source
            start += f' {name}="{value}"'
        if not element.children:
            self.written.append(f"{start}/>")
            return
        self.written.append(f"{start}>")
        if element.name in HTML_INSIDE:
            inner: list[Piece] = []
            _write_html(element.children, inner)
            self.written.append(self._kept.keep(inner))
        else:
            self.write(element.children)
        self.written.append(f"</{element.name}>")


def _write_html(nodes: tuple[Node, ...], written: list[Piece]) -> None:
    for node in nodes:
        match node:
            case Text():
                written.append(node.source)
            case Output() | Statement():
                written.append(node)
            case Element("o-html", children=children):
                _write_html(children, written)
            case Element("o-text"):
                pass
            case Element(name, _, attributes, children):
                written.append(f"<{name}")
                for attribute in attributes.values():
                    written.append(f' {attribute.name}="')
                    written.extend(attribute_pieces(attribute))
                    written.append('"')
                written.append(">")
                if name not in VOID:
                    _write_html(children, written)
                    written.append(f"</{name}>")
