"""A part of an e-mail that was read, checked and compiled, and knows which line an author wrote."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import TracebackType

from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.runtime import Context

from outreach.adapters.templates.markup.tree import problem_at
from outreach.adapters.templates.output.template_source import Stretch, TemplateSource, assignments
from outreach.adapters.templates.sandbox.environment import Sandbox
from outreach.adapters.templates.sandbox.limits import LARGEST_EMAIL, FactProblem
from outreach.adapters.templates.sandbox.program import NAME, Program, Refused, program, slips_in
from outreach.adapters.templates.sandbox.vocabulary import Vocabulary
from outreach.domain.rendering import RenderError, TemplateError

MOST_ASSIGNMENTS = 16


def template_problems(
    written: TemplateSource, environment: Sandbox, vocabulary: Vocabulary
) -> Iterator[TemplateError]:
    """Everything that is wrong with a template: bad syntax, forbidden things, unknown names."""
    for stretch, words in _with_words(written, vocabulary):
        for slip in slips_in(stretch.source, environment, words):
            yield problem_at(stretch.place(slip.line), slip.problem)
    yield from _too_many_assignments(written)


class CompiledTemplate:
    """Compiled once, rendered many times."""

    __slots__ = ("_environment", "_programs", "_static_size", "_texts", "_written")

    def __init__(self, written: TemplateSource, environment: Sandbox, vocabulary: Vocabulary) -> None:
        """Raises TemplateError with the first problem."""
        for problem in _too_many_assignments(written):
            raise problem
        ready = {
            id(stretch): _ready(stretch, environment, words)
            for stretch, words in _with_words(written, vocabulary)
        }
        self._texts = ["" if isinstance(piece, Stretch) else piece for piece in written.pieces]
        self._programs = [
            (place, ready[id(piece)], piece)
            for place, piece in enumerate(written.pieces)
            if isinstance(piece, Stretch)
        ]
        self._static_size = sum(map(len, self._texts))
        self._written = written
        self._environment = environment

    def render(self, facts: dict[str, object]) -> str:
        """The text for these facts. Raises RenderError with the place, and never with a value.

        `facts` must hold the environment's globals too, and the meter must have been started
        (`CompiledMessage` does both once for all parts).
        """
        texts = self._texts.copy()
        size = self._static_size
        context = Context(self._environment, facts, NAME, {})
        for place, ready, stretch in self._programs:
            try:
                chunks = ready.run(context)
                text = "".join(_bounded(chunks) if ready.loops else chunks)
                size += len(text)
                if size > LARGEST_EMAIL:
                    raise _too_long()  # noqa: TRY301 - told with its place
            except Exception as error:  # noqa: BLE001 - whatever facts make of a template has to come out with its place
                raise _failure(error, ready, stretch) from None
            texts[place] = text
        return "".join(texts)


def _with_words(written: TemplateSource, vocabulary: Vocabulary) -> Iterator[tuple[Stretch, Vocabulary]]:
    assigned = frozenset(name for name, _ in assignments(written))
    words = replace(vocabulary, assigned=assigned) if assigned else vocabulary
    for stretch in written.stretches:
        yield stretch, words


def _too_many_assignments(written: TemplateSource) -> Iterator[TemplateError]:
    for _, place in assignments(written)[MOST_ASSIGNMENTS:]:
        yield problem_at(place, f"a message may {{% set %}} {MOST_ASSIGNMENTS} names at most")


def _ready(stretch: Stretch, environment: Sandbox, words: Vocabulary) -> Program:
    try:
        return program(stretch.source, environment, words)
    except Refused as refused:
        raise problem_at(stretch.place(refused.slip.line), refused.slip.problem) from None


def _bounded(chunks: Iterable[str]) -> Iterator[str]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > LARGEST_EMAIL:
            raise _too_long()
        yield chunk


def _too_long() -> FactProblem:
    return FactProblem(f"the message is longer than {LARGEST_EMAIL} characters")


def _failure(error: Exception, ready: Program, stretch: Stretch) -> RenderError:
    """The error in our words. Its own text is used only where it cannot hold a fact's value."""
    line = _line(error.__traceback__, ready)
    tag = stretch.tags.get(line)
    place = stretch.place(line)
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
