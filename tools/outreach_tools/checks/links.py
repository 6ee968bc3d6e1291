"""Links that are not https or have no target, and images without an alternative text."""

import re
from collections.abc import Iterator

from outreach.adapters.templates.markup.rules import URLS, leads_nowhere
from outreach.adapters.templates.markup.tree import Attribute, Element, Node, Text
from outreach_tools.checks.finding import Finding, error_at, warning_at

WIDEST = 600
"""CSS pixels: the width of a message (MJML's default), beyond which Outlook for Windows makes it as wide."""
_EMPTY = {"mailto:": "mailto:hello@shop.example", "tel:": "tel:+441234567890"}
_NO_HOST = re.compile(r"https?:(?:/{0,2}|/{3,}.*)", re.IGNORECASE)
_SPACE = re.compile(r"https?://\S*\s", re.IGNORECASE)
_PIXELS = re.compile(r"(\d+)(?:\.\d+)?(?:px)?")
_STYLE_WIDTH = re.compile(r"(?<![\w-])width\s*:\s*(\d+)(?:\.\d+)?px", re.IGNORECASE)
IMAGES = frozenset({"img", "mj-image", "mj-carousel-image"})


def link_and_image_findings(nodes: tuple[Node, ...]) -> Iterator[Finding]:
    """All the way down the tree of a message."""
    for node in nodes:
        if not isinstance(node, Element) or node.name == "o-text":
            continue
        yield from _anchor(node)
        if problem := _too_wide(node):
            yield warning_at(node.place, "picture-width", problem)
        for attribute in node.attributes.values():
            if attribute.name in URLS and attribute.is_literal:
                yield from _address(attribute)
            if attribute.name in URLS and _is_plain_http(attribute):
                what = f"{attribute.name} begins with http://; write https://"
                yield error_at(attribute.place, "link", what)
            elif attribute.name in URLS and leads_nowhere(attribute):
                what = f"{attribute.name} leads nowhere yet; write the whole address, beginning with https://"
                yield error_at(attribute.place, "link", what)
        if node.name in IMAGES and "alt" not in node.attributes:
            what = f'<{node.name}> has no alt; write alt="what it shows", or alt="" where it only decorates'
            yield error_at(node.place, "image-alt", what)
        yield from link_and_image_findings(node.children)


def _anchor(element: Element) -> Iterator[Finding]:
    if element.name == "a" and not {"href", "name", "id"} & set(element.attributes):
        right = 'write href="https://..." in it, or take its tags away'
        yield warning_at(element.place, "link", f"<a> has no href, and is no link; {right}")


def _address(attribute: Attribute) -> Iterator[Finding]:
    """Addresses with a good beginning and a bad rest."""
    address, name = attribute.source.strip(), attribute.name
    if address.lower() in _EMPTY:
        what = f"{name} has nothing behind {address}; write {_EMPTY[address.lower()]}"
        yield warning_at(attribute.place, "link", what)
    elif _NO_HOST.fullmatch(address):
        yield error_at(
            attribute.place, "link", f"{name} has no host behind {address}; write the whole address"
        )
    elif _SPACE.match(address):
        yield error_at(
            attribute.place, "link", f"{name} has a space in its address; write %20, or take it out"
        )


def _too_wide(element: Element) -> str:
    """A picture whose width in words is more than a message has; <mj-image> is made to fit."""
    if element.name != "img":
        return ""
    written = element.attributes.get("width")
    width = _PIXELS.fullmatch(written.source.strip()) if written else None
    style = element.attributes.get("style")
    if not written and style:
        width = _STYLE_WIDTH.search(style.source)
    if width is None or int(width[1]) <= WIDEST:
        return ""
    return f'the picture is {width[1]} px wide, and a message {WIDEST}; write width="{WIDEST}" or less'


def _is_plain_http(attribute: Attribute) -> bool:
    first = attribute.value[0] if attribute.value else None
    return isinstance(first, Text) and first.source.strip().lower().startswith("http://")
