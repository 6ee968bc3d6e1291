"""Compiles a stretch of Jinja once for everybody who uses the same words, and says what is wrong with it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Template, TemplateSyntaxError, nodes
from jinja2.runtime import Context
from markupsafe import escape

from outreach.adapters.templates.sandbox.environment import Sandbox
from outreach.adapters.templates.sandbox.guard import OWN_NAMES, Slip, bounded, name_slips, names_used, slips
from outreach.adapters.templates.sandbox.showing import show
from outreach.adapters.templates.sandbox.vocabulary import Vocabulary

NAME = "<outreach>"
"""Jinja puts this file name into the traceback of every error inside a template."""
MOST_KEPT = 4096
"""Programs kept per process. A campaign of twelve messages has about fifty, since letters share most words."""
_NAME_ALONE = re.compile(r"\{\{\s*([a-zA-Z]\w*(?:\.[a-zA-Z]\w*)*)\s*\}\}", re.ASCII)
_TOO_COMPLICATED = "this is too complicated: fewer brackets and operators inside each other"


class Refused(Exception):  # noqa: N818 - it says what happened
    """A stretch of Jinja that may not run; the line counts inside the stretch."""

    def __init__(self, slip: Slip) -> None:
        super().__init__(slip.problem)
        self.slip = slip


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled stretch. It holds the author's words only, and never a fact."""

    run: Callable[[Context], Iterator[str]]
    loops: bool = False
    """Whether it may say more than its source is long."""
    template: Template | None = None
    """None for a name alone, which needs no code of its own."""

    def line_of(self, compiled_line: int) -> int:
        """The line of the stretch that a line of the compiled code comes from."""
        return self.template.get_corresponding_lineno(compiled_line) if self.template else 1


def parsed(source: str, environment: Sandbox) -> nodes.Template:
    """The syntax tree. Raises Refused for bad syntax."""
    try:
        return environment.parse(source)
    except TemplateSyntaxError as error:
        raise Refused(Slip(error.lineno, error.message or "this is not Jinja")) from None
    except (RecursionError, ValueError):  # ValueError: a number of more digits than Python reads
        raise Refused(Slip(1, _TOO_COMPLICATED)) from None


def slips_in(source: str, environment: Sandbox, vocabulary: Vocabulary) -> Iterator[Slip]:
    """Everything that is wrong with a stretch: bad syntax, forbidden things, unknown names."""
    try:
        yield from slips(parsed(source, environment), environment, vocabulary.known())
    except Refused as refused:
        yield refused.slip
    except RecursionError:
        yield Slip(1, _TOO_COMPLICATED)


@lru_cache(maxsize=MOST_KEPT)
def program(source: str, environment: Sandbox, vocabulary: Vocabulary) -> Program:
    """Ready to run. Raises Refused with the first thing that is wrong."""
    if path := _path(source):
        for problem in name_slips(path, vocabulary.known()):
            raise Refused(Slip(1, problem))
        return Program(_showing(path, environment))
    tree = parsed(source, environment)
    try:
        for slip in slips(tree, environment, vocabulary.known()):
            raise Refused(slip)
        loops = tree.find(nodes.For) is not None
        code = environment.compile(bounded(tree), NAME, NAME)
    except (RecursionError, MemoryError, SyntaxError, ValueError):  # Python's own limits on what it compiles
        raise Refused(Slip(1, _TOO_COMPLICATED)) from None
    template = Template.from_code(environment, code, {})
    return Program(template.root_render_func, loops, template)


def names_in(source: str, environment: Sandbox) -> frozenset[str]:
    """The names that a stretch takes from outside. Raises Refused for bad syntax."""
    path = _path(source)
    return frozenset(path[:1]) if path else names_used(parsed(source, environment))


def _path(source: str) -> tuple[str, ...]:
    """`customer.first_name` alone is half of all Jinja there is, and no compiler is needed to show it."""
    match = _NAME_ALONE.fullmatch(source)
    path = tuple(match[1].split(".")) if match else ()
    return () if path[:1] and path[0] in OWN_NAMES | {"not"} else path


def _showing(path: tuple[str, ...], environment: Sandbox) -> Callable[[Context], Iterator[str]]:
    first, *rest = path
    finish: Callable[[object], str] = escape if environment.autoescape else str

    def show_fact(context: Context) -> Iterator[str]:
        value = context.resolve(first)
        for name in rest:
            value = environment.getattr(value, name)
        yield finish(show(value))

    return show_fact
