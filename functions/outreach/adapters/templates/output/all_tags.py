"""All Jinja of a message in order, where its markup has problems and no page can be made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.templates.markup.tree import Element, Node, Output, Statement
from outreach.adapters.templates.output.addresses import attribute_pieces
from outreach.adapters.templates.output.template_source import Piece, TemplateSource, gathered

if TYPE_CHECKING:
    from collections.abc import Iterator


def all_tags(tree: tuple[Node, ...], file: str) -> TemplateSource:
    """A template that shows what the message shows, without any markup."""
    return gathered(_tags(tree), file)


def _tags(nodes: tuple[Node, ...]) -> Iterator[Piece]:
    for node in nodes:
        match node:
            case Output() | Statement():
                yield node
            case Element():
                for attribute in node.attributes.values():
                    if not attribute.is_literal:
                        yield from attribute_pieces(attribute)
                yield from _tags(node.children)
            case _:
                pass
