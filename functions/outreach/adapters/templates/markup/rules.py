"""What may stand where in a message. MJML compilers drop silently what they do not know; we say so."""

from collections.abc import Iterator, Mapping

from outreach.adapters.templates.markup.tree import (
    Attribute,
    Element,
    Node,
    Output,
    Statement,
    Text,
    problem_at,
)
from outreach.adapters.templates.sandbox.facts import suggestion
from outreach.domain.rendering import TemplateError

PARENTS: Mapping[str, frozenset[str]] = {
    "mj-head": frozenset({"mjml"}),
    "mj-body": frozenset({"mjml"}),
    "mj-title": frozenset({"mj-head"}),
    "mj-preview": frozenset({"mj-head"}),
    "mj-style": frozenset({"mj-head"}),
    "mj-attributes": frozenset({"mj-head"}),
    "mj-breakpoint": frozenset({"mj-head"}),
    "mj-wrapper": frozenset({"mj-body"}),
    "mj-section": frozenset({"mj-body", "mj-wrapper"}),
    "mj-group": frozenset({"mj-section"}),
    "mj-column": frozenset({"mj-section", "mj-group"}),
    "mj-text": frozenset({"mj-column"}),
    "mj-button": frozenset({"mj-column"}),
    "mj-image": frozenset({"mj-column"}),
    "mj-table": frozenset({"mj-column"}),
    "mj-divider": frozenset({"mj-column"}),
    "mj-spacer": frozenset({"mj-column"}),
    "mj-raw": frozenset({"mj-head", "mj-body", "mj-wrapper", "mj-column"}),
}
HTML_INSIDE = frozenset({"mj-text", "mj-button", "mj-table", "mj-raw", "mj-title", "mj-preview"})
BLOCKS_INSIDE = frozenset({"mj-body", "mj-wrapper", "mj-column"})
"""Components that may hold Jinja blocks. Not a section: its columns' widths are worked out once."""

_BOX = frozenset(
    {"padding", "padding-top", "padding-right", "padding-bottom", "padding-left", "css-class", "mj-class"}
)
_FONT = frozenset(
    {"color", "font-family", "font-size", "font-style", "font-weight", "line-height", "letter-spacing"}
)
_EDGE = frozenset({"border", "border-top", "border-right", "border-bottom", "border-left", "border-radius"})
_SECTION = (
    _BOX
    | _EDGE
    | {
        "background-color",
        "background-url",
        "background-size",
        "background-repeat",
        "direction",
        "full-width",
    }
    | {"text-align"}
)
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "mjml": frozenset({"lang", "dir"}),
    "mj-body": frozenset({"background-color", "css-class", "width"}),
    "mj-breakpoint": frozenset({"width"}),
    "mj-wrapper": _SECTION,
    "mj-section": _SECTION,
    "mj-group": frozenset({"width", "background-color", "css-class", "direction", "vertical-align"}),
    "mj-column": _BOX | _EDGE | {"width", "background-color", "vertical-align", "inner-background-color"},
    "mj-text": _BOX
    | _FONT
    | {"align", "container-background-color", "height", "text-decoration", "text-transform"},
    "mj-button": _BOX
    | _FONT
    | _EDGE
    | {"href", "align", "background-color", "container-background-color", "height", "inner-padding", "rel"}
    | {"target", "text-align", "text-decoration", "text-transform", "title", "vertical-align", "width"},
    "mj-image": _BOX
    | _EDGE
    | {"src", "alt", "href", "align", "container-background-color", "fluid-on-mobile", "height", "rel"}
    | {"srcset", "sizes", "target", "title", "width"},
    "mj-table": _BOX
    | _FONT
    | {"align", "border", "cellpadding", "cellspacing", "container-background-color", "role"}
    | {"table-layout", "width"},
    "mj-divider": _BOX
    | {"align", "border-color", "border-style", "border-width", "container-background-color", "width"},
    "mj-spacer": _BOX | {"height", "container-background-color"},
}
HTML = frozenset({
    "a", "abbr", "b", "bdi", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4",
    "hr", "i", "img", "ins", "li", "meta", "ol", "p", "pre", "s", "small", "span", "strong", "sub",
    "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "wbr",
})  # fmt: skip
URLS = frozenset({"href", "src", "background-url"})
FACTS_IN = frozenset({"href", "src", "alt", "title"})
"""Attributes whose value may depend on facts; all others shape the page, which is laid out once."""
SCHEMES = ("https://", "http://", "mailto:")
ASIDES = frozenset({"o-html", "o-text"})
"""What is for one part of the e-mail only; they may stand anywhere."""


def markup_problems(nodes: tuple[Node, ...], parent: str) -> Iterator[TemplateError]:
    """Everything that stands where it cannot, or is spelled as nothing is."""
    for node in nodes:
        match node:
            case Text():
                if parent == "mj-style":
                    yield from _style_problems(node)
                elif node.source.strip() and parent not in HTML_INSIDE:
                    yield problem_at(node.place, f"text cannot stand in <{parent}>; put it inside <mj-text>")
            case Output():
                if parent not in HTML_INSIDE:
                    yield problem_at(
                        node.place, f"{node.source} cannot stand in <{parent}>; put it inside <mj-text>"
                    )
            case Statement():
                if parent not in HTML_INSIDE | BLOCKS_INSIDE:
                    right = "put it around a whole section, or inside a column"
                    yield problem_at(
                        node.place, f"{{% {node.keyword} %}} cannot stand in <{parent}>; {right}"
                    )
            case Element():
                yield from _element_problems(node, parent)


def _style_problems(css: Text) -> Iterator[TemplateError]:
    if any(mark in css.source for mark in ("{{", "{%", "{#")):
        right = "facts cannot shape the page; where it is only CSS, put a space between the two characters"
        yield problem_at(css.place, f"{{{{, {{% and {{# cannot stand in <mj-style>: {right}")


def _element_problems(element: Element, parent: str) -> Iterator[TemplateError]:
    name = element.name
    if name in ASIDES:
        yield from markup_problems(element.children, "mj-text" if name == "o-text" else parent)
        return
    if parent in HTML_INSIDE:
        if name not in HTML:
            yield problem_at(
                element.place, f"<{name}> cannot stand inside <{parent}>; {suggestion(name, HTML)}"
            )
    elif name not in PARENTS and name != "mjml":
        known = [known for known, parents in PARENTS.items() if parent in parents]
        yield problem_at(element.place, f"<{name}> cannot stand in <{parent}>; {suggestion(name, known)}")
    elif name != "mjml" and parent not in PARENTS[name]:
        right = " or ".join(f"<{place}>" for place in sorted(PARENTS[name]))
        yield problem_at(element.place, f"<{name}> cannot stand in <{parent}>; put it in {right}")
    for attribute in element.attributes.values():
        yield from _attribute_problems(element, attribute)
    if name == "mj-attributes":
        return
    inside = parent if parent in HTML_INSIDE else name
    yield from markup_problems(element.children, inside)


def _attribute_problems(element: Element, attribute: Attribute) -> Iterator[TemplateError]:
    name = attribute.name
    known = ATTRIBUTES.get(element.name)
    if known is not None and name not in known:
        yield problem_at(
            attribute.place, f"<{element.name}> has no attribute {name!r}; {suggestion(name, known)}"
        )
    if name.startswith("on"):
        yield problem_at(attribute.place, f"{name} would run a script; e-mails cannot")
    if not attribute.is_literal and name not in FACTS_IN:
        right = "write two components and choose between them with {% if %}"
        yield problem_at(
            attribute.place, f"{name} cannot depend on facts, because the page is laid out once; {right}"
        )
    first = attribute.value[0] if attribute.value else None
    if name in URLS and (first is None or isinstance(first, Text)):
        start = first.source.strip().lower() if first else ""
        if not start.startswith(SCHEMES) and not (len(attribute.value) > 1 and not start):
            place = first.place if first else attribute.place
            yield problem_at(place, f"{name} must begin with https://, http:// or mailto:")
