"""Reads the attributes of a tag; their values may carry Jinja."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.templates.markup.blocks import Open, counts
from outreach.adapters.templates.markup.tokens import ATTRIBUTES, TOKEN, Source, stray_problem
from outreach.adapters.templates.markup.tree import Attribute, Inline, Text, problem_at

if TYPE_CHECKING:
    import re


def read_attributes(source: Source, tag: re.Match[str]) -> dict[str, Attribute]:
    """The attributes of an opening tag; TemplateError at one with two values or with a wrong tag in it."""
    attributes: dict[str, Attribute] = {}
    for match in ATTRIBUTES.finditer(source.text, tag.start("attributes"), tag.end("attributes")):
        name, place = match["attribute"].lower(), source.place(match.start("attribute"))
        attribute = Attribute(name, _value(source, match), place)
        if attributes.setdefault(name, attribute).source != attribute.source:
            raise problem_at(place, f"{name} is given twice")
    return attributes


def _value(source: Source, attribute: re.Match[str]) -> tuple[Inline, ...]:
    if attribute["value"] is None:
        return ()
    offset, end = attribute.start("value") + 1, attribute.end("value") - 1
    pieces: list[Inline] = []
    blocks: list[Open] = []
    for match in TOKEN.finditer(source.text, offset, end):
        if match["stray"] == "<" or match["open"] or match["close"] or match["remark"]:
            continue  # inside quotes, these are only characters
        pieces += _literal(source, offset, match.start())
        offset = match.end()
        if match["stray"]:
            raise problem_at(source.place(match.start()), stray_problem(source.text, match))
        if match["output"]:
            pieces.append(source.output(match))
        elif match["statement"]:
            statement = source.statement(match)
            counts(statement, blocks)
            pieces.append(statement)
        else:
            pieces.append(source.slot(match))
    if blocks:
        raise problem_at(blocks[-1].place, f"{blocks[-1]} is never closed inside this value")
    return (*pieces, *_literal(source, offset, end))


def _literal(source: Source, start: int, end: int) -> list[Text]:
    return [Text(source.text[start:end], source.place(start))] if start < end else []
