"""Which attributes may stand on the HTML elements of a message, and what their values may not hold.

A published message with another attribute is still sent: only the checker asks for this list.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from outreach.adapters.templates.markup.css import css_problems
from outreach.adapters.templates.markup.outlook import is_of_outlook
from outreach.adapters.templates.markup.tree import Attribute, Element, Node, Text, problem_at
from outreach.adapters.templates.sandbox.facts import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.domain.sending.rendering import TemplateError

HTML_ATTRIBUTES = frozenset({
    "abbr", "align", "alt", "background", "bgcolor", "border", "bordercolor", "cellpadding", "cellspacing",
    "charset", "cite", "class", "clear", "color", "cols", "colspan", "content", "datetime", "decoding", "dir",
    "face", "frame", "headers", "height", "hidden", "href", "hreflang", "hspace", "http-equiv", "id",
    "itemid", "itemprop", "itemref", "itemscope", "itemtype", "lang", "loading", "media", "name", "noshade",
    "nowrap", "property", "rel", "reversed", "role", "rowspan", "rows", "rules", "scope", "size", "sizes",
    "src", "srcset", "start", "style", "summary", "tabindex", "target", "title", "translate", "type",
    "valign", "value", "vspace", "width", "xml:lang", "xmlns",
})  # fmt: skip
_ANY = ("data-", "aria-")
"""The values of these are read by programs, and load and run nothing."""
_PICTURES = frozenset({"background", "srcset"})
_WEB = ("https://", "http://")
_CANDIDATE = re.compile(r"\s*([^\s,]\S*)[^,]*(?:,|\Z)")


def html_attribute_problems(nodes: tuple[Node, ...]) -> Iterator[TemplateError]:
    """All the way down the tree of a message, in style sheets too."""
    for node in nodes:
        if not isinstance(node, Element):
            continue
        if node.name == "mj-style":
            for text in node.children:
                if isinstance(text, Text):
                    yield from (problem_at(text.place, problem) for problem in css_problems(text.source))
            continue
        if not node.name.startswith("mj"):
            for attribute in node.attributes.values():
                yield from _attribute_problems(node, attribute)
        yield from html_attribute_problems(node.children)


def _attribute_problems(element: Element, attribute: Attribute) -> Iterator[TemplateError]:
    name, value = attribute.name, attribute.source.strip()
    if name.startswith("on"):
        return  # refused wherever it stands
    is_known = name in HTML_ATTRIBUTES or is_of_outlook(element.name) or name.startswith("xmlns:")
    if not is_known and not name.startswith(_ANY):
        hint = suggestion(name, HTML_ATTRIBUTES)
        right = hint if hint.startswith("did") else "take it out"
        yield problem_at(attribute.place, f"<{element.name}> cannot have {name!r} in an e-mail; {right}")
    elif name == "style":
        yield from (problem_at(attribute.place, problem) for problem in css_problems(value))
    elif name in _PICTURES and not all(each.lower().startswith(_WEB) for each in _addresses(name, value)):
        right = "put the picture on the web, for mail programs show no other"
        yield problem_at(attribute.place, f"{name} must begin with https://: {right}")
    elif element.name == "meta" and name == "http-equiv" and value.lower() == "refresh":
        yield problem_at(attribute.place, "a refresh would leave the message for another page; take it out")


def _addresses(name: str, value: str) -> list[str]:
    return [value] if name == "background" else [found[1] for found in _CANDIDATE.finditer(value)]
