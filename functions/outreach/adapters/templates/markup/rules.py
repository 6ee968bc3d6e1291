"""What may stand where in a message.

MJML compilers silently drop what they do not know; these rules report it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from outreach.adapters.templates.markup.components import (
    ATTRIBUTES,
    BLOCKS_INSIDE,
    HTML_INSIDE,
    PARENTS,
    WITHOUT_EFFECT,
)
from outreach.adapters.templates.markup.outlook import RAW_HTML, is_of_outlook
from outreach.adapters.templates.markup.remedies import instead_of
from outreach.adapters.templates.markup.tree import (
    Attribute,
    Element,
    Node,
    Output,
    Statement,
    Text,
    problem_at,
)
from outreach.adapters.templates.markup.values import value_problem
from outreach.adapters.templates.sandbox.facts import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.domain.sending.rendering import TemplateError

HTML = frozenset({
    "a", "abbr", "b", "bdi", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4",
    "hr", "i", "img", "ins", "li", "meta", "ol", "p", "pre", "s", "small", "span", "strong", "sub",
    "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "wbr",
})  # fmt: skip
URLS = frozenset({
    "href", "src", "background-url", "base-url", "icon-wrapped-url", "icon-unwrapped-url",
    "left-icon", "right-icon",
    "thumbnails-src",
})  # fmt: skip
FACTS_IN = frozenset({"href", "src", "alt", "title"})
"""Attributes whose value may depend on facts; all others shape the page, which is laid out once."""
SCHEMES = ("https://", "http://", "mailto:", "tel:")
NAMED_SCHEMES = "https://, http://, mailto: or tel:"
LINKS = frozenset({"href", "base-url"})
"""The other addresses are of pictures."""
_BARE_ADDRESS = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[/?#]\S*)?")
_NOWHERE = re.compile(r"|#[\w-]*|\[\[[^\[\]]*\]\]")
_FLAT = (
    'write a class of its own for each, such as <mj-class name="note-text" color="#25302a"/>, '
    'and mj-class="note-text" on the component'
)
ASIDES = frozenset({"o-html", "o-text"})
"""What is for one part of the e-mail only; it may stand anywhere."""


def leads_nowhere(attribute: Attribute) -> bool:
    """Whether an address is left for later, as `#` or `[[LINK]]` in a design that is not a message yet.

    It does no harm, so it compiles; `outreach templates check` reports that the address is missing.
    """
    return attribute.is_literal and _NOWHERE.fullmatch(attribute.source.strip()) is not None


def markup_problems(nodes: tuple[Node, ...], parent: str) -> Iterator[TemplateError]:
    """Everything that stands where it cannot, or whose spelling is unknown."""
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
        if name not in HTML and not (parent == RAW_HTML and is_of_outlook(name)):
            yield problem_at(
                element.place, f"<{name}> cannot stand inside <{parent}>; {instead_of(name, HTML)}"
            )
    elif name not in PARENTS and name != "mjml":
        known = [known for known, parents in PARENTS.items() if parent in parents]
        yield problem_at(element.place, f"<{name}> cannot stand in <{parent}>; {instead_of(name, known)}")
        return  # whatever is inside would be wrong only because of this
    elif name != "mjml" and parent not in PARENTS[name]:
        yield problem_at(element.place, f"<{name}> cannot stand in <{parent}>; {_right_place(name, parent)}")
    for attribute in element.attributes.values():
        yield from _attribute_problems(element, attribute)
    if name == "mj-attributes":
        yield from _default_problems(element)
        return
    inside = parent if parent in HTML_INSIDE else name
    yield from markup_problems(element.children, inside)


def nested_documents(nodes: tuple[Node, ...], parent: str = "") -> Iterator[TemplateError]:
    """Whole MJML documents inside of a page, where the compiler drops them; a published one is still sent."""
    for node in nodes:
        if isinstance(node, Element):
            if node.name == "mjml" and parent:
                right = "write `layout: none` above, since this is a whole MJML document"
                yield problem_at(node.place, f"<mjml> cannot stand in <{parent}>; {right}")
            else:
                yield from nested_documents(node.children, node.name)


def _right_place(name: str, parent: str) -> str:
    if parent in PARENTS and PARENTS[name] <= {"mj-head", "mjml"}:
        return "put it into _layout/page.mjml, or write `layout: none` above and a whole MJML document below"
    right = " or ".join(f"<{place}>" for place in sorted(PARENTS[name]))
    more = ", or in a part that holds one, such as <o-card>" if "mj-column" in PARENTS[name] else ""
    return f"put it in {right}{more}"


def _default_problems(defaults: Element) -> Iterator[TemplateError]:
    """`<mj-attributes>` holds a component for each kind that it sets defaults of, <mj-all> or <mj-class>."""
    for child in defaults.children:
        if not isinstance(child, Element):
            continue
        if child.name not in ATTRIBUTES and child.name not in {"mj-all", "mj-class"}:
            hint = instead_of(child.name, (*ATTRIBUTES, "mj-all", "mj-class"))
            yield problem_at(child.place, f"<{child.name}> cannot stand in <mj-attributes>; {hint}")
        if any(isinstance(inside, Element) for inside in child.children):
            yield problem_at(child.place, f"<{child.name}> cannot hold other components here; {_FLAT}")
        for attribute in child.attributes.values():
            yield from _attribute_problems(child, attribute)


def _attribute_problems(element: Element, attribute: Attribute) -> Iterator[TemplateError]:
    name = attribute.name
    known = ATTRIBUTES.get(element.name)
    if known is not None and name not in known:
        yield problem_at(
            attribute.place, f"<{element.name}> has no attribute {name!r}; {suggestion(name, known)}"
        )
    counts = known is not None and name not in WITHOUT_EFFECT.get(element.name, ())
    if counts and attribute.is_literal and (problem := value_problem(name, attribute.source)):
        yield problem_at(attribute.place, problem)
    if name.startswith("on"):
        yield problem_at(attribute.place, f"{name} would run a script; e-mails cannot")
    if not attribute.is_literal and name not in FACTS_IN:
        right = "write two components and choose between them with {% if %}"
        yield problem_at(
            attribute.place, f"{name} cannot depend on facts, because the page is laid out once; {right}"
        )
    first = attribute.value[0] if attribute.value else None
    if element.name == "mj-navbar-link" and first and first.source.startswith("/"):
        return  # it continues the base-url of its <mj-navbar>
    if name in URLS and not leads_nowhere(attribute) and (first is None or isinstance(first, Text)):
        start = first.source.strip().lower() if first else ""
        if not start.startswith(SCHEMES) and not (len(attribute.value) > 1 and not start):
            place = first.place if first else attribute.place
            yield problem_at(place, f"{name} must begin with {_right_address(name, start)}")


def _right_address(name: str, start: str) -> str:
    if name not in LINKS:
        return "https://: put the picture on the web, for mail programs show no other"
    return (
        f"{NAMED_SCHEMES}; did you mean https://{start}?" if _BARE_ADDRESS.fullmatch(start) else NAMED_SCHEMES
    )
