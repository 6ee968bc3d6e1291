"""The values of attributes that were not written: those of `<mj-attributes>`, else MJML's own."""

from collections.abc import Mapping
from dataclasses import dataclass

from outreach.adapters.templates.markup.tree import Element, Node

_OWN: Mapping[str, Mapping[str, str]] = {
    "mj-text": {"color": "#000000", "font-size": "13px"},
    "mj-table": {"color": "#000000", "font-size": "13px"},
    "mj-button": {"color": "#ffffff", "background-color": "#414141", "font-size": "13px"},
    "mj-navbar-link": {"color": "#000000", "font-size": "13px"},
    "mj-social-element": {"color": "#000000", "font-size": "13px"},
    "mj-accordion-title": {"color": "#000000", "font-size": "13px"},
    "mj-accordion-text": {"color": "#000000", "font-size": "13px"},
}


@dataclass(frozen=True, slots=True)
class Defaults:
    """What `<mj-attributes>` holds, by the names of components and of classes."""

    components: Mapping[str, Mapping[str, str]]
    classes: Mapping[str, Mapping[str, str]]

    def values(self, element: Element) -> Mapping[str, str]:
        """Every attribute of a component with the value it has in the end."""
        own = {name: each.source for name, each in element.attributes.items()}
        named: dict[str, str] = {}
        for name in own.get("mj-class", "").split():
            named.update(self.classes.get(name, {}))
        everywhere = self.components.get("mj-all", {})
        return {
            **_OWN.get(element.name, {}),
            **everywhere,
            **self.components.get(element.name, {}),
            **named,
            **own,
        }


def defaults_of(tree: tuple[Node, ...]) -> Defaults:
    """The defaults in the head of a message."""
    components: dict[str, dict[str, str]] = {}
    classes: dict[str, dict[str, str]] = {}
    for element in _inside(tree, "mj-attributes"):
        for child in element.children:
            if isinstance(child, Element):
                values = {name: each.source for name, each in child.attributes.items()}
                if child.name == "mj-class":
                    classes.setdefault(values.pop("name", ""), {}).update(values)
                else:
                    components.setdefault(child.name, {}).update(values)
    return Defaults(components, classes)


def _inside(nodes: tuple[Node, ...], name: str) -> list[Element]:
    found: list[Element] = []
    for node in nodes:
        if isinstance(node, Element):
            found += [node] if node.name == name else _inside(node.children, name)
    return found
