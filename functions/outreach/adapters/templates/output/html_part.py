"""Makes the HTML template of a message: MJML is compiled once, with placeholders where Jinja was."""

from collections.abc import Iterator

import mrml

from outreach.adapters.templates.markup.parse import VOID
from outreach.adapters.templates.markup.rules import FACTS_IN, HTML_INSIDE, URLS
from outreach.adapters.templates.markup.tree import Attribute, Element, Node, Output, Statement, Text
from outreach.adapters.templates.output.placeholders import Piece, Placeholders, TemplateSource
from outreach.domain.rendering import TemplateError


def html_template(tree: tuple[Node, ...], file: str) -> TemplateSource:
    """The Jinja template of the HTML part. The tree is a whole checked MJML document.

    Raises TemplateError if the MJML compiler refuses what our own rules let through.
    """
    kept = Placeholders(file)
    try:
        html = mrml.to_html("".join(_components(tree, kept))).content
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


def attribute_pieces(attribute: Attribute) -> Iterator[Piece]:
    """The value of an attribute; an address that depends on facts is checked when it is rendered."""
    checked = attribute.name in URLS and not attribute.is_literal
    if checked and len(attribute.value) == 1 and isinstance(attribute.value[0], Output):
        only = attribute.value[0]
        yield Output(f"({only.code}) | url", only.place)
        return
    if checked:
        yield "{% filter url %}"
    for piece in attribute.value:
        yield piece.source.replace('"', "&quot;") if isinstance(piece, Text) else piece
    if checked:
        yield "{% endfilter %}"


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
