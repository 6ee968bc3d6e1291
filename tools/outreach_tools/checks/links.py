"""Links that are not https or have no target, and images without an alternative text."""

from collections.abc import Iterator

from outreach.adapters.templates.markup.rules import URLS, leads_nowhere
from outreach.adapters.templates.markup.tree import Attribute, Element, Node, Text
from outreach_tools.checks.finding import Finding, error_at

IMAGES = frozenset({"img", "mj-image", "mj-carousel-image"})


def link_and_image_findings(nodes: tuple[Node, ...]) -> Iterator[Finding]:
    """All the way down the tree of a message."""
    for node in nodes:
        if not isinstance(node, Element) or node.name == "o-text":
            continue
        for attribute in node.attributes.values():
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


def _is_plain_http(attribute: Attribute) -> bool:
    first = attribute.value[0] if attribute.value else None
    return isinstance(first, Text) and first.source.strip().lower().startswith("http://")
