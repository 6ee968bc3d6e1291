"""Tags of other services that stand in a message as text: its customers would read them."""

from collections.abc import Iterator
from html import unescape

from outreach.adapters.templates.markup.rules import URLS, leads_nowhere
from outreach.adapters.templates.markup.tree import Attribute, Element, Node, OutlookComment, Place, Text
from outreach.adapters.templates.message import Message
from outreach.adapters.templates.output.template_source import Stretch, TemplateSource
from outreach_tools.checks.finding import Finding, error_at, warning_at
from outreach_tools.foreign.jinja import without_jinja
from outreach_tools.foreign.names import our_spelling
from outreach_tools.foreign.tags import ForeignTag, foreign_tags

RULE = "foreign-tag"
_READ = frozenset({"alt", "title"}) | URLS
LONGEST_SHOWN = 60
"""Characters of a tag that a finding shows."""


def foreign_tag_findings(message: Message) -> Iterator[Finding]:
    """In subject, preheader, text, links and pictures, and in a hand-written text part."""
    head = message.head
    for name, source in (("subject", head.subject), ("preheader", head.preheader)):
        yield from _in_line(source, head.places[name], head.quotes[name])
    if message.written_text:
        yield from _in_file(message.written_text)
    yield from _in_nodes(message.tree)


def _in_line(source: TemplateSource, place: Place, quote: str) -> Iterator[Finding]:
    for text in _texts(source):
        words = without_jinja(text)
        for tag in foreign_tags(words):
            yield _finding(tag, words, place, quote)


def _in_file(source: TemplateSource) -> Iterator[Finding]:
    for text in _texts(source):
        words = without_jinja(text)
        for tag in foreign_tags(words):
            yield _finding(tag, words, _place(words, tag.start, Place(source.file, 1, 1)), '"')


def _texts(source: TemplateSource) -> Iterator[str]:
    for piece in source.pieces:
        if isinstance(piece, str):
            yield piece
        elif isinstance(piece, Stretch):
            yield piece.source


def _in_nodes(nodes: tuple[Node, ...]) -> Iterator[Finding]:
    for node in nodes:
        match node:
            case OutlookComment():
                pass
            case Text():
                for tag in foreign_tags(node.source):
                    yield _finding(tag, node.source, _place(node.source, tag.start, node.place), '"')
            case Element() if node.name != "mj-style":
                for attribute in node.attributes.values():
                    if attribute.name in _READ:
                        yield from _in_attribute(attribute)
                yield from _in_nodes(node.children)
            case _:
                pass


def _in_attribute(attribute: Attribute) -> Iterator[Finding]:
    is_address = attribute.name in URLS
    if is_address and leads_nowhere(attribute):
        return  # reported as a link
    for piece in attribute.value:
        if isinstance(piece, Text):
            for tag in foreign_tags(piece.source, in_address=is_address):
                yield _finding(tag, piece.source, _place(piece.source, tag.start, piece.place), '"')


def _finding(tag: ForeignTag, text: str, place: Place, quote: str) -> Finding:
    shown = " ".join(unescape(text[tag.start : tag.end]).split())
    if len(shown) > LONGEST_SHOWN:
        shown = f"{shown[:LONGEST_SHOWN]}..."
    if not tag.name:
        return error_at(place, RULE, f"{shown} only fills space; write what customers should read")
    right = our_spelling(tag.name, quote)
    if not tag.is_certain:
        write = f"write {right}" if right else "write a fact, or the text that belongs here"
        return warning_at(place, RULE, f"{shown} looks like a place to be filled in; if it is one, {write}")
    write = f"write {right}" if right else "write a fact of ours instead, or take it out"
    return error_at(place, RULE, f"{shown} is a tag of another service; {write}")


def _place(text: str, offset: int, start: Place) -> Place:
    """The place of an offset in a text that begins at `start`."""
    line = text.count("\n", 0, offset)
    column = offset - text.rfind("\n", 0, offset) if line else start.column + offset
    return Place(start.file, start.line + line, column)
