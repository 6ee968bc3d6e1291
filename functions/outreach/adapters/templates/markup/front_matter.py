"""Reads the head of a message file: its subject and preheader, between two lines of three dashes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from outreach.adapters.templates.markup.head_quotes import inner_quote, quoting_remedy
from outreach.adapters.templates.markup.tree import Place, problem_at
from outreach.adapters.templates.output.template_source import TemplateSource, written_line
from outreach.adapters.templates.sandbox.facts import suggestion
from outreach.adapters.validation.yaml_problems import yaml_problem
from outreach.domain.sending.rendering import TemplateError

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEAD = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?\n)---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_OPENED = re.compile(r"\A\ufeff?---[ \t]*\r?\n")
REQUIRED = ("subject", "preheader")
KNOWN = (*REQUIRED, "layout")
NO_LAYOUT = "none"
"""Then the body is a whole MJML document, and gets no layout."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The head of a message, and the offset in its file at which the body begins."""

    subject: TemplateSource
    preheader: TemplateSource
    layout: str
    body: int
    places: Mapping[str, Place]
    """Where each field's text stands."""
    quotes: Mapping[str, str]
    """Which quote can stand inside each field's text."""


def read_front_matter(source: str, file: str) -> FrontMatter:
    """Raises TemplateError when the head is missing, is not YAML, or lacks a field or has an unknown one."""
    match = _HEAD.match(source)
    if match is None:
        right = 'begin the file with a line ---, then subject: "..." and preheader: "...", then a line ---'
        if _OPENED.match(source):
            right = "the head has no end: write a line --- below the preheader"
            raise TemplateError(right, file=file, line=1, column=1)
        raise TemplateError(f"the head is missing: {right}", file=file, line=1, column=1)
    fields = _fields(match[1], file)
    for name in REQUIRED:
        if name not in fields:
            raise TemplateError(f'{name} is missing: write {name}: "..."', file=file, line=1, column=1)
        if not fields[name].text.strip():
            raise problem_at(fields[name].place, f'{name} is empty: write {name}: "..."')
    return FrontMatter(
        subject=_template(fields["subject"]),
        preheader=_template(fields["preheader"]),
        layout=fields["layout"].text if "layout" in fields else "page",
        body=match.end(),
        places={name: field.place for name, field in fields.items()},
        quotes={name: field.quote for name, field in fields.items()},
    )


@dataclass(frozen=True, slots=True)
class _Field:
    text: str
    place: Place
    quote: str


def _fields(head: str, file: str) -> dict[str, _Field]:
    try:
        node = yaml.compose(head, yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 2, mark.column + 1) if mark else (2, 1)
        right = 'put the text between quotes: subject: "Hello {{ customer.first_name }}"'
        problem = quoting_remedy(head) or right
        raise TemplateError(problem, file=file, line=line, column=column) from None
    except (yaml.YAMLError, RecursionError) as error:
        (line, column), problem = yaml_problem(error, head)
        raise TemplateError(problem, file=file, line=line + 1, column=column) from None
    if not isinstance(node, yaml.MappingNode):
        raise TemplateError('write name: "text" on each line of the head', file=file, line=2, column=1)
    fields: dict[str, _Field] = {}
    for key, value in node.value:
        place = Place(file, value.start_mark.line + 2, value.start_mark.column + 1)
        if key.value not in KNOWN:
            problem = f"the head has no field {key.value!r}; {suggestion(str(key.value), KNOWN)}"
            raise TemplateError(problem, file=file, line=place.line, column=1)
        if not isinstance(value, yaml.ScalarNode):
            problem = f'{key.value} has to be text: put it between quotes, as {key.value}: "..."'
            raise TemplateError(problem, file=file, line=place.line, column=place.column)
        fields[key.value] = _Field(value.value, place, inner_quote(value.style))
    return fields


def _template(field: _Field) -> TemplateSource:
    return written_line(" ".join(field.text.split()), field.place)
