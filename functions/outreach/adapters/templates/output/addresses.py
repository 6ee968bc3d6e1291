"""Addresses in templates: facts may fill them in, but never change their target by accident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.templates.markup.blocks import ENDS
from outreach.adapters.templates.markup.rules import URLS
from outreach.adapters.templates.markup.tree import Attribute, Output, Slot, Statement, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.adapters.templates.output.template_source import Piece


def attribute_pieces(attribute: Attribute) -> Iterator[Piece]:
    """The value of an attribute, ready for a template.

    In an address, a fact at the beginning is an address itself; a fact further on is a part of one and gets
    percent-encoded; the whole is checked when it is rendered.
    """
    if attribute.name not in URLS or attribute.is_literal:
        for piece in attribute.value:
            if isinstance(piece, Text):
                yield piece.source.replace('"', "&quot;")
            elif not isinstance(piece, Slot):  # none are left once the parts are filled in
                yield piece
        return
    if len(attribute.value) == 1 and isinstance(attribute.value[0], Output):
        yield _through("url", attribute.value[0])
        return
    yield Statement("filter url", attribute.place)
    yield from _address(attribute)
    yield Statement("endfilter", attribute.place)


def _address(attribute: Attribute) -> Iterator[Piece]:
    begun = False
    before: list[bool] = []
    for piece in attribute.value:
        match piece:
            case Text():
                begun = begun or bool(piece.source.strip())
                yield piece.source.replace('"', "&quot;")
            case Output():
                yield _through("url_part" if begun else "url", piece)
                begun = True
            case Statement():
                if piece.keyword in ENDS:
                    before.append(begun)
                elif piece.keyword in {"elif", "else"}:
                    begun = before[-1]
                elif piece.keyword in ENDS.values():
                    begun = before.pop() or begun
                yield piece


def _through(name: str, output: Output) -> Output:
    return Output(f"({output.code}) | {name}", output.place)
