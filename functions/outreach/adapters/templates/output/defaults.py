"""The defaults of `<mj-attributes>` for components."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.templates.markup.tree import Attribute, Element, Node

if TYPE_CHECKING:
    from collections.abc import Iterator


class Defaults:
    """The attributes a message's head sets for a class, for a component, or for all."""

    def __init__(self, tree: tuple[Node, ...]) -> None:
        self._by_name: dict[str, dict[str, Attribute]] = {}
        for element in _definitions(tree):
            key = element.name
            if key == "mj-class":
                key = f".{element.attributes['name'].source}" if "name" in element.attributes else ""
            self._by_name.setdefault(key, {}).update(element.attributes)

    def attribute(self, element: Element, name: str) -> Attribute | None:
        """The element's own attribute, or that of its last class, of its component, of `mj-all`."""
        if name in element.attributes:
            return element.attributes[name]
        classes = element.attributes["mj-class"].source.split() if "mj-class" in element.attributes else []
        for key in (*(f".{each}" for each in reversed(classes)), element.name, "mj-all"):
            if name in self._by_name.get(key, {}):
                return self._by_name[key][name]
        return None


def _definitions(nodes: tuple[Node, ...]) -> Iterator[Element]:
    for node in nodes:
        match node:
            case Element("mj-attributes", children=children):
                yield from (child for child in children if isinstance(child, Element))
            case Element("mjml" | "mj-head", children=children):
                yield from _definitions(children)
            case _:
                pass
