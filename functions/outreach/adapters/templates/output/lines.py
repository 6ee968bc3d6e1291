"""Which HTML begins on a new line of plain text, and where a paragraph ends."""

from outreach.adapters.templates.markup.blocks import ENDS
from outreach.adapters.templates.markup.rules import ASIDES
from outreach.adapters.templates.markup.tree import Element, Node, Statement, Text
from outreach.adapters.templates.output.inline_text import unescaped, without_loose_joiners

BLOCKS = frozenset({
    "p", "div", "h1", "h2", "h3", "h4", "ul", "ol", "li", "table", "thead", "tbody", "tfoot", "tr",
    "blockquote", "hr", "pre",
})  # fmt: skip
"""HTML elements that begin on a new line."""


def is_block(element: Element) -> bool:
    """Whether it begins on a new line; what is for one part only does if something in it does."""
    if element.name in ASIDES:
        return any(isinstance(child, Element) and is_block(child) for child in element.children)
    return element.name in BLOCKS


def holds_blocks(nodes: tuple[Node, ...]) -> bool:
    """Whether there is a block element between the opening statement at the start of `nodes` and its end."""
    depth = 0
    for node in nodes:
        if isinstance(node, Element) and is_block(node):
            return True
        if isinstance(node, Statement):
            depth += (node.keyword in ENDS) - node.keyword.startswith("end")
            if depth == 0:
                return False
    return False


def parted(run: list[Node]) -> list[tuple[Node, ...]]:
    """Parts between two line breaks in a row, which people see as a blank line; a block stays in one part."""
    parts: list[list[Node]] = [[]]
    depth = 0
    for node in run:
        if isinstance(node, Statement):
            depth += (node.keyword in ENDS) - node.keyword.startswith("end")
        last = next((each for each in reversed(parts[-1]) if _says_something([each])), None)
        if depth == 0 and _is_break(node) and last is not None and _is_break(last):
            parts.append([])
        else:
            parts[-1].append(node)
    return [tuple(part) for part in parts]


def _is_break(node: Node) -> bool:
    return isinstance(node, Element) and node.name == "br"


def unwrapped(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Inline content of an item or cell: paragraphs in it become line breaks."""
    flat: list[Node] = []
    for node in nodes:
        if isinstance(node, Element) and node.name in BLOCKS:
            flat += [
                *([Element("br", node.place)] if _says_something(flat) else []),
                *unwrapped(node.children),
            ]
        else:
            flat.append(node)
    return tuple(flat)


def _says_something(nodes: list[Node]) -> bool:
    return any(not isinstance(node, Text) or _words_of(node) for node in nodes)


def _words_of(text: Text) -> str:
    return without_loose_joiners(unescaped(text.source)).strip()
