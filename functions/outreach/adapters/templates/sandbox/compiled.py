"""A part of an e-mail that was read, checked and compiled, and knows which line an author wrote."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType

from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.runtime import Context

from outreach.adapters.templates.markup.tree import problem_at
from outreach.adapters.templates.output.template_source import (
    ShapedSource,
    Stretch,
    TemplateSource,
    assignments,
)
from outreach.adapters.templates.sandbox.environment import Sandbox
from outreach.adapters.templates.sandbox.limits import LARGEST_EMAIL, FactProblem
from outreach.adapters.templates.sandbox.program import NAME, Known, Program, Refused, program, slips_in
from outreach.adapters.templates.sandbox.vocabulary import Vocabulary
from outreach.domain.rendering import RenderError, TemplateError

MOST_ASSIGNMENTS = 16
_TOO_LONG = f"the message is longer than {LARGEST_EMAIL} characters"


def template_problems(
    written: TemplateSource, environment: Sandbox, vocabulary: Vocabulary
) -> Iterator[TemplateError]:
    """Everything that is wrong with a template: bad syntax, forbidden things, unknown names."""
    known = _known(written, vocabulary)
    for stretch in written.stretches:
        for slip in slips_in(stretch.source, environment, known):
            yield problem_at(stretch.place(slip.line), slip.problem)
    yield from _too_many_assignments(written)


class CompiledTemplate:
    """Compiled once, rendered many times."""

    __slots__ = ("_environment", "_words")

    def __init__(self, written: TemplateSource, environment: Sandbox, vocabulary: Vocabulary) -> None:
        """Raises TemplateError with the first problem."""
        for problem in _too_many_assignments(written):
            raise problem
        self._environment = environment
        self._words = _Words(written, environment, _known(written, vocabulary))

    def render(self, facts: dict[str, object]) -> str:
        """The text for these facts. Raises RenderError with the place, and never with a value.

        `facts` must hold the environment's globals too, and the meter must have been started
        (`CompiledMessage` does both once for all parts).
        """
        return self._words.text(Context(self._environment, facts, NAME, {}))


class _Words:
    """Text with gaps, and what fills each gap."""

    __slots__ = ("_file", "_gaps", "_size", "_texts")

    def __init__(self, written: TemplateSource, environment: Sandbox, known: Known) -> None:
        self._texts = [piece if isinstance(piece, str) else "" for piece in written.pieces]
        self._size = sum(map(len, self._texts))
        self._file = written.file
        self._gaps: list[tuple[int, _Run | _Shape]] = []
        for place, piece in enumerate(written.pieces):
            match piece:
                case Stretch():
                    self._gaps.append((place, _Run(_ready(piece, environment, known), piece)))
                case ShapedSource():
                    filtering = environment.filters[piece.shape]
                    inside = _Words(piece.source, environment, known)
                    self._gaps.append((place, _Shape(filtering, piece.arguments, inside)))
                case str():
                    pass

    def text(self, context: Context) -> str:
        texts = self._texts.copy()
        size = self._size
        for place, gap in self._gaps:
            text = gap.text(context)
            size += len(text)
            texts[place] = text
            if size > LARGEST_EMAIL:
                raise RenderError(_TOO_LONG, file=self._file)
        return "".join(texts)


@dataclass(frozen=True, slots=True)
class _Run:
    ready: Program
    stretch: Stretch

    def text(self, context: Context) -> str:
        try:
            chunks = self.ready.run(context)
            return "".join(_bounded(chunks) if self.ready.loops else chunks)
        except Exception as error:  # noqa: BLE001 - whatever facts make of a template has to come out with its place
            raise _failure(error, self) from None


@dataclass(frozen=True, slots=True)
class _Shape:
    filtering: Callable[..., str]
    arguments: tuple[str, ...]
    words: _Words

    def text(self, context: Context) -> str:
        return self.filtering(self.words.text(context), *self.arguments)


def _known(written: TemplateSource, vocabulary: Vocabulary) -> Known:
    return {**vocabulary.known(), **{name: None for name, _ in assignments(written)}}


def _too_many_assignments(written: TemplateSource) -> Iterator[TemplateError]:
    for _, place in assignments(written)[MOST_ASSIGNMENTS:]:
        yield problem_at(place, f"a message may {{% set %}} {MOST_ASSIGNMENTS} names at most")


def _ready(stretch: Stretch, environment: Sandbox, known: Known) -> Program:
    try:
        return program(stretch.source, environment, known)
    except Refused as refused:
        raise problem_at(stretch.place(refused.slip.line), refused.slip.problem) from None


def _bounded(chunks: Iterable[str]) -> Iterator[str]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > LARGEST_EMAIL:
            raise FactProblem(_TOO_LONG)
        yield chunk


def _failure(error: Exception, run: _Run) -> RenderError:
    """The error in our words. Its own text is used only where it cannot hold a fact's value."""
    line = _line(error.__traceback__, run.ready)
    tag, place = run.stretch.tags.get(line), run.stretch.place(line)
    if isinstance(error, UndefinedError | SecurityError | FactProblem):
        problem = str(error)
    else:
        problem = f"these facts do not fit ({type(error).__name__})"
    shown = f"in {' '.join(tag.source.split())}: " if tag else ""
    return RenderError(f"{shown}{problem}", file=place.file, line=place.line, column=place.column)


def _line(traceback: TracebackType | None, ready: Program) -> int:
    line = 0 if ready.template else 1
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == NAME:
            line = ready.line_of(traceback.tb_lineno)
        traceback = traceback.tb_next
    return line
