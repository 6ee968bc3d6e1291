"""Makes the HTML template of a message: MJML is compiled once, with placeholders where Jinja was."""

from collections.abc import Iterator

import mrml

from outreach.adapters.templates.markup.parse import VOID
from outreach.adapters.templates.markup.rules import FACTS_IN, HTML_INSIDE
from outreach.adapters.templates.markup.tree import Element, Node, Output, Statement, Text
from outreach.adapters.templates.output.addresses import attribute_pieces
from outreach.adapters.templates.output.placeholders import Piece, Placeholders, TemplateSource
from outreach.domain.rendering import TemplateError

OPTIONS = mrml.RenderOptions(fonts={})
"""Without this, a font called Roboto makes every reader's mail program ask Google for it."""


def html_template(tree: tuple[Node, ...], file: str) -> TemplateSource:
    """The Jinja template of the HTML part. The tree is a whole checked MJML document.

    Raises TemplateError if the MJML compiler refuses what our own rules let through.
    """
    kept = Placeholders(file)
    try:
        html = mrml.to_html("".join(_components(tree, kept)), render_options=OPTIONS).content
    except OSError as error:  # the compiler's one and only error
        raise TemplateError(f"the MJML compiler refuses this message: {error}", file=file) from None
    return kept.fill(html)


def _components(nodes: tuple[Node, ...], kept: Placeholders) -> Iterator[str]:
    for node in nodes:
        match node:
            case Statement():
                yield f"<mj-raw>{kept.keep([node])}</mj-raw>"
            case Text():
                yield node.source
            case Output():
                yield kept.keep([node])
            case Element("o-html", children=children):
                yield from _components(children, kept)
            case Element("o-text"):
                pass
            case Element():
                yield from _component(node, kept)


def _component(element: Element, kept: Placeholders) -> Iterator[str]:
    yield f"<{element.name}"
    for attribute in element.attributes.values():
        value = kept.keep(attribute_pieces(attribute)) if attribute.name in FACTS_IN else attribute.source
        yield f' {attribute.name}="{value}"'
    if not element.children:
        yield "/>"
        return
    yield ">"
    if element.name in HTML_INSIDE:
        yield kept.keep(_inner(element.children))
    else:
        yield from _components(element.children, kept)
    yield f"</{element.name}>"


def _inner(nodes: tuple[Node, ...]) -> Iterator[Piece]:
    for node in nodes:
        match node:
            case Text():
                yield node.source
            case Output() | Statement():
                yield node
            case Element("o-html", children=children):
                yield from _inner(children)
            case Element("o-text"):
                pass
            case Element(name, _, attributes, children):
                yield f"<{name}"
                for attribute in attributes.values():
                    yield f' {attribute.name}="'
                    yield from attribute_pieces(attribute)
                    yield '"'
                yield ">"
                if name not in VOID:
                    yield from _inner(children)
                    yield f"</{name}>"
