"""Puts the content given to a part into its places, and counts the result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from outreach.adapters.templates.markup.tree import Attribute, Element, Inline, Node, Place, Slot, problem_at
from outreach.adapters.templates.sandbox.limits import MOST_NODES

if TYPE_CHECKING:
    from outreach.domain.sending.rendering import TemplateError

type Given = Mapping[str, tuple[Node, ...]]


@dataclass(frozen=True, slots=True)
class Form:
    """A part with all parts inside it filled in, and its slots still open: made once, used often."""

    nodes: tuple[Node, ...]
    open: frozenset[int]
    """Identities of the elements that hold slots; all others can be used as they are."""

    def filled(self, given: Given) -> tuple[Node, ...]:
        """The nodes with everything in its place.

        Raises TemplateError for an element inside an attribute, and for more than MOST_NODES nodes in a row.
        """
        nodes = tuple(islice(self._filled(self.nodes, given), MOST_NODES + 1))
        if len(nodes) > MOST_NODES:
            raise _too_many(nodes)
        return nodes

    def _filled(self, nodes: tuple[Node, ...], given: Given) -> Iterator[Node]:
        for node in nodes:
            if isinstance(node, Slot):
                yield from given[node.name]
            elif isinstance(node, Element) and id(node) in self.open:
                attributes = {
                    name: _with_values(each, given) if _holds_slot(each.value) else each
                    for name, each in node.attributes.items()
                }
                yield Element(node.name, node.place, attributes, tuple(self._filled(node.children, given)))
            else:
                yield node


def form_of(nodes: tuple[Node, ...]) -> Form:
    """Raises TemplateError when there are more than MOST_NODES nodes."""
    found: set[int] = set()
    count_nodes(nodes)
    _find_open(nodes, found)
    return Form(nodes, frozenset(found))


def count_nodes(nodes: tuple[Node, ...]) -> int:
    """How many nodes there are, all the way down. Raises TemplateError beyond MOST_NODES.

    Parts can hold parts, so that a few small files could exceed any memory.
    """
    count, waiting = 0, [nodes]
    while waiting:
        for node in waiting.pop():
            count += 1
            if isinstance(node, Element) and node.children:
                waiting.append(node.children)
        if count > MOST_NODES:
            raise _too_many(nodes)
    return count


def _too_many(nodes: tuple[Node, ...]) -> TemplateError:
    return problem_at(nodes[0].place, f"this makes more than {MOST_NODES} elements and texts")


def _find_open(nodes: tuple[Node, ...], found: set[int]) -> bool:
    """Whether there is a slot among these nodes or inside them."""
    holds = False
    for node in nodes:
        if isinstance(node, Slot):
            holds = True
        elif isinstance(node, Element):
            inside = _find_open(node.children, found)
            if inside or any(_holds_slot(each.value) for each in node.attributes.values()):
                found.add(id(node))
                holds = True
    return holds


def _holds_slot(value: tuple[Inline, ...]) -> bool:
    return any(isinstance(piece, Slot) for piece in value)


def _with_values(attribute: Attribute, given: Given) -> Attribute:
    pieces: list[Inline] = []
    for piece in attribute.value:
        if isinstance(piece, Slot):
            pieces += _inline(given[piece.name], piece.place)
        else:
            pieces.append(piece)
    return Attribute(attribute.name, tuple(pieces), attribute.place)


def _inline(nodes: tuple[Node, ...], place: Place) -> list[Inline]:
    inline: list[Inline] = [node for node in nodes if not isinstance(node, Element)]
    if len(inline) != len(nodes):
        raise problem_at(place, "an element cannot stand inside an attribute's value")
    return inline
