"""Links in which a fact stands right beside the host, so that it can make another host of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from outreach.adapters.templates.markup.blocks import ENDS
from outreach.adapters.templates.markup.rules import URLS
from outreach.adapters.templates.markup.tree import Attribute, Element, Node, Output, Statement, Text
from outreach_tools.checks.finding import Finding, error_at

_FACT = "\0"
_OPEN_HOST = re.compile(rf"\s*(?:https?://[^/?#\\{_FACT}]*|{_FACT}[^/?#\\&]*)", re.IGNORECASE)
"""An `&` behind an address from a fact implies that the address has a `?`."""
_RIGHT = "a fact right beside the host can make another host of it; write /, ? or # between them"


def link_host_findings(nodes: tuple[Node, ...]) -> Iterator[Finding]:
    """All the way down the tree of a message."""
    for node in nodes:
        if isinstance(node, Element):
            for attribute in node.attributes.values():
                if attribute.name in URLS and not attribute.is_literal:
                    yield from _findings(attribute)
            yield from link_host_findings(node.children)


def _findings(attribute: Attribute) -> Iterator[Finding]:
    begun = ""
    """The address so far; `_FACT` where a fact gives the beginning."""
    blocks: list[_Block] = []
    for piece in attribute.value:
        match piece:
            case Text(source=source):
                begun += source
            case Output():
                if _OPEN_HOST.fullmatch(begun):
                    yield error_at(piece.place, "link-host", f"{piece.source}: {_RIGHT}")
                    return
                begun = begun if begun.strip() else _FACT
            case Statement():
                begun = _at_statement(piece, begun, blocks)
            case _:
                pass


@dataclass(slots=True)
class _Block:
    start: str
    ends: list[str] = field(default_factory=list)
    has_else: bool = False


def _at_statement(statement: Statement, begun: str, blocks: list[_Block]) -> str:
    """The address so far after a statement; of several branches, one whose host is still open counts."""
    if statement.keyword in ENDS:
        blocks.append(_Block(begun))
    elif statement.keyword in {"elif", "else"}:
        blocks[-1].ends.append(begun)
        blocks[-1].has_else = blocks[-1].has_else or statement.keyword == "else"
        return blocks[-1].start
    elif statement.keyword in ENDS.values():
        block = blocks.pop()
        ends = [*block.ends, begun, *([] if block.has_else else [block.start])]
        return next((each for each in ends if _OPEN_HOST.fullmatch(each)), begun)
    return begun
