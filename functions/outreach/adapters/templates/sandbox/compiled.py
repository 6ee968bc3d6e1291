"""A Jinja template that was read, checked and compiled, and knows which line an author wrote."""

from collections.abc import Collection, Iterator, Mapping
from types import TracebackType

from jinja2 import Template, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.runtime import Context

from outreach.adapters.templates.markup.tree import problem_at
from outreach.adapters.templates.output.placeholders import TemplateSource
from outreach.adapters.templates.sandbox.environment import Sandbox
from outreach.adapters.templates.sandbox.guard import bounded, slips
from outreach.adapters.templates.sandbox.limits import LARGEST_EMAIL, FactProblem
from outreach.domain.rendering import RenderError, TemplateError

NAME = "<outreach>"
"""Jinja puts this file name into the traceback of every error inside a template."""


def template_problems(
    written: TemplateSource, environment: Sandbox, words: Mapping[str, Collection[str] | None]
) -> Iterator[TemplateError]:
    """Everything that is wrong with a template: bad syntax, forbidden things, unknown names."""
    try:
        tree = _parsed(written, environment)
    except TemplateError as problem:
        yield problem
        return
    for slip in slips(tree, environment, words):
        yield problem_at(written.place(slip.line), slip.problem)


def _parsed(written: TemplateSource, environment: Sandbox) -> nodes.Template:
    try:
        return environment.parse(written.source)
    except TemplateSyntaxError as error:
        place = written.place(error.lineno)
        raise problem_at(place, error.message or "this is not Jinja") from None


class CompiledTemplate:
    """Compiled once, rendered many times."""

    __slots__ = ("_blocks", "_environment", "_root", "_template", "_written")

    def __init__(
        self, written: TemplateSource, environment: Sandbox, words: Mapping[str, Collection[str] | None]
    ) -> None:
        """Raises TemplateError with the first problem."""
        tree = _parsed(written, environment)
        for slip in slips(tree, environment, words):
            raise problem_at(written.place(slip.line), slip.problem)
        code = environment.compile(bounded(tree), NAME, NAME)
        self._template = Template.from_code(environment, code, {})
        self._written = written
        self._environment = environment
        self._root = self._template.root_render_func
        self._blocks = self._template.blocks

    def render(self, facts: dict[str, object]) -> str:
        """The text for these facts. Raises RenderError with the place, and never with a value.

        `facts` must hold the environment's globals too (`CompiledMessage` adds them once for all parts).
        """
        chunks: list[str] = []
        size = 0
        try:
            context = Context(self._environment, facts, NAME, self._blocks)
            for chunk in self._root(context):
                size += len(chunk)
                if size > LARGEST_EMAIL:
                    raise FactProblem(f"the message is longer than {LARGEST_EMAIL} characters")  # noqa: TRY301 - told with its place
                chunks.append(chunk)
        except Exception as error:  # noqa: BLE001 - whatever facts make of a template has to come out with its place
            raise self._failure(error) from None
        return "".join(chunks)

    def _failure(self, error: Exception) -> RenderError:
        """The error in our words. Its own text is used only where it cannot hold a fact's value."""
        line = self._line(error.__traceback__)
        tag = self._written.tags.get(line)
        place = self._written.place(line)
        if isinstance(error, UndefinedError | SecurityError | FactProblem):
            problem = str(error)
        else:
            problem = f"these facts do not fit ({type(error).__name__})"
        shown = f"in {' '.join(tag.source.split())}: " if tag else ""
        return RenderError(f"{shown}{problem}", file=place.file, line=place.line, column=place.column)

    def _line(self, traceback: TracebackType | None) -> int:
        line = 0
        while traceback is not None:
            if traceback.tb_frame.f_code.co_filename == NAME:
                line = self._template.get_corresponding_lineno(traceback.tb_lineno)
            traceback = traceback.tb_next
        return line
