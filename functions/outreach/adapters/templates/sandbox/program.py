"""Compiles a stretch of Jinja once for all templates with the same source, and reports its errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from jinja2 import Template, TemplateSyntaxError, nodes
from markupsafe import escape

from outreach.adapters.templates.sandbox.bounding import bounded
from outreach.adapters.templates.sandbox.guard import (
    OWN_NAMES,
    TOO_COMPLICATED,
    Reading,
    Slip,
    Use,
    read,
    unknown_names,
)
from outreach.adapters.templates.sandbox.limits import LARGEST_EMAIL, TOO_LONG, FactProblemError
from outreach.adapters.templates.sandbox.showing import show
from outreach.adapters.templates.sandbox.syntax import syntax_problem

if TYPE_CHECKING:
    from jinja2.runtime import Context

    from outreach.adapters.templates.sandbox.environment import Sandbox

NAME = "<outreach>"
"""Jinja puts this file name into the traceback of every error inside a template."""
MOST_KEPT = 4096
"""Programs cached per process. A campaign of twelve messages has about fifty: messages share source."""
FEW_SHOWN = 20
"""Values that are shown without counting; a part has room for this many of those that a template makes."""
_NAME_ALONE = re.compile(r"\{\{\s*([a-zA-Z]\w*(?:\.[a-zA-Z]\w*)*)\s*\}\}", re.ASCII)


type Known = Mapping[str, Collection[str] | None]
"""Names with their attributes; None where any attribute will do."""


class RefusedError(Exception):
    """A stretch of Jinja that may not run; the line counts inside the stretch."""

    def __init__(self, slip: Slip) -> None:
        super().__init__(slip.problem)
        self.slip = slip


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled stretch. It holds the author's source only, and never a fact."""

    run: Callable[[Context], str]
    uses: tuple[Use, ...]
    template: Template | None = None
    """None for a name alone, which needs no code of its own."""

    def line_of(self, compiled_line: int) -> int:
        """The line of the stretch that a line of the compiled code comes from."""
        return self.template.get_corresponding_lineno(compiled_line) if self.template else 1


@lru_cache(maxsize=MOST_KEPT)
def parsed_to_read(source: str, environment: Sandbox) -> nodes.Template:
    """The same as `parsed`, kept for the next reader, who must not change it."""
    return parsed(source, environment)


def parsed(source: str, environment: Sandbox) -> nodes.Template:
    """The syntax tree. Raises RefusedError for bad syntax."""
    try:
        return environment.parse(source)
    except TemplateSyntaxError as error:
        problem = syntax_problem(source, error.lineno, error.message or "")
        raise RefusedError(Slip(error.lineno, problem)) from None
    except (RecursionError, ValueError):  # ValueError: a number of more digits than Python reads
        raise RefusedError(Slip(1, TOO_COMPLICATED)) from None


def slips_in(source: str, environment: Sandbox, known: Known) -> Iterator[Slip]:
    """Everything that is wrong with a stretch: bad syntax, forbidden things, unknown names."""
    try:
        reading = read(parsed_to_read(source, environment), environment)
    except RefusedError as refused:
        yield refused.slip
    except RecursionError:
        yield Slip(1, TOO_COMPLICATED)
    else:
        yield from sorted((*reading.slips, *unknown_names(reading.uses, known)), key=lambda slip: slip.line)


def program(source: str, environment: Sandbox, known: Known) -> Program:
    """Ready to run. Raises RefusedError with the first thing that is wrong."""
    compiled = _program(source, environment)
    for slip in unknown_names(compiled.uses, known):
        raise RefusedError(slip)
    return compiled


@lru_cache(maxsize=MOST_KEPT)
def _program(source: str, environment: Sandbox) -> Program:
    if path := _path(source):
        uses = (Use(1, path[0]), *(Use(1, path[0], attribute) for attribute in path[1:2]))
        return Program(_showing(path, environment), uses)
    tree = parsed(source, environment)
    try:
        reading = read(tree, environment)
        for slip in reading.slips:
            raise RefusedError(slip)
        code = environment.compile(bounded(tree), NAME, NAME)
    except (RecursionError, MemoryError, SyntaxError, ValueError):  # Python's own limits of its compiler
        raise RefusedError(Slip(1, TOO_COMPLICATED)) from None
    template = Template.from_code(environment, code, {})
    return Program(_running(template.root_render_func, reading), reading.uses, template)


def names_in(source: str, environment: Sandbox) -> frozenset[str]:
    """The names that a stretch takes from outside. Raises RefusedError when something is wrong with it."""
    return frozenset(use.name for use in _program(source, environment).uses)


def _path(source: str) -> tuple[str, ...]:
    """`customer.first_name` alone is half of all Jinja, and showing it needs no compiler."""
    match = _NAME_ALONE.fullmatch(source)
    path = tuple(match[1].split(".")) if match else ()
    return () if path[:1] and path[0] in OWN_NAMES | {"not"} else path


def _running(root: Callable[[Context], Iterator[str]], reading: Reading) -> Callable[[Context], str]:
    """A stretch with a loop, or many values, may produce more than any source, and is counted as it runs."""
    if not reading.loops and reading.shown <= FEW_SHOWN:
        return lambda context: "".join(root(context))

    def bounded_run(context: Context) -> str:
        chunks: list[str] = []
        size = 0
        for chunk in root(context):
            size += len(chunk)
            if size > LARGEST_EMAIL:
                raise FactProblemError(TOO_LONG)
            chunks.append(chunk)
        return "".join(chunks)

    return bounded_run


def _showing(path: tuple[str, ...], environment: Sandbox) -> Callable[[Context], str]:
    first, *rest = path
    finish: Callable[[object], str] = escape if environment.autoescape else str

    def show_fact(context: Context) -> str:
        value = context.resolve(first)
        for name in rest:
            value = environment.getattr(value, name)
        return finish(show(value))

    return show_fact
