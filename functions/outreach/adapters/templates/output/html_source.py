"""Writes the HTML inside of components again, for the MJML compiler to pass on unread, or to read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from outreach.adapters.templates.markup.parse import VOID
from outreach.adapters.templates.markup.tree import Attribute, Element, Node, Output, Statement, Text
from outreach.adapters.templates.output.addresses import attribute_pieces

if TYPE_CHECKING:
    from outreach.adapters.templates.output.placeholders import Placeholders
    from outreach.adapters.templates.output.template_source import Piece

REMARK = "<!--{}-->"
"""Where HTML allows no text, as between the rows of a table, a placeholder is a comment, which stays there.
"""
GROUPS = frozenset({"thead", "tbody", "tfoot"})
_REMARK = re.compile(r"<!--(oq\d+qo)-->")


def kept_html(nodes: tuple[Node, ...], kept: Placeholders) -> str:
    """One placeholder for all of it: the compiler cannot misread what it does not see."""
    pieces: list[Piece] = []
    _write(nodes, pieces)
    return kept.keep(pieces)


def shown_html(nodes: tuple[Node, ...], kept: Placeholders) -> str:
    """The same for <mj-raw> in <mj-wrapper>, which the compiler puts between rows that only Outlook reads."""
    pieces: list[Piece] = ["<tr><td><![endif]-->"]
    _write(nodes, pieces)
    return kept.keep([*pieces, "<!--[if mso | IE]></td></tr>"])


def read_html(nodes: tuple[Node, ...], kept: Placeholders) -> str:
    """The HTML as it is, with placeholders only for Jinja, so that the rules of a style sheet apply to it."""
    written: list[str] = []
    for node in nodes:
        match node:
            case Text():
                written.append(node.source)
            case Output() | Statement():
                written.append(REMARK.format(kept.keep([node])))
            case Element("o-html", children=children):
                written.append(read_html(children, kept))
            case Element("o-text"):
                pass
            case Element(name, _, attributes, children):
                values = "".join(f' {a.name}="{_value(a, kept)}"' for a in attributes.values())
                inside = rows(children, kept) if name == "table" else read_html(children, kept)
                written.append(f"<{name}{values}/>" if name in VOID else f"<{name}{values}>{inside}</{name}>")
    return "".join(written)


def rows(nodes: tuple[Node, ...], kept: Placeholders) -> str:
    """The same for what is inside a table.

    HTML puts rows into a <tbody>, and would begin it after the tag of a loop around them: once per iteration.
    """
    html = read_html(nodes, kept)
    grouped = any(isinstance(node, Element) and node.name in GROUPS for node in nodes)
    return html if grouped else f"<tbody>{html}</tbody>"


def without_remarks(html: str) -> str:
    """The same page with bare placeholders."""
    return _REMARK.sub(r"\1", html)


def _value(attribute: Attribute, kept: Placeholders) -> str:
    if not attribute.is_literal:
        return kept.keep(attribute_pieces(attribute))
    return "".join(piece for piece in attribute_pieces(attribute) if isinstance(piece, str))


def _write(nodes: tuple[Node, ...], written: list[Piece]) -> None:
    for node in nodes:
        match node:
            case Text():
                written.append(node.source)
            case Output() | Statement():
                written.append(node)
            case Element("o-html", children=children):
                _write(children, written)
            case Element("o-text"):
                pass
            case Element(name, _, attributes, children):
                written.append(f"<{name}")
                for attribute in attributes.values():
                    written.append(f' {attribute.name}="')
                    written.extend(attribute_pieces(attribute))
                    written.append('"')
                written.append(">")
                if name not in VOID:
                    _write(children, written)
                    written.append(f"</{name}>")
