"""Text with gaps, and the programs that fill the gaps for one customer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.runtime import Context

from outreach.adapters.templates.markup.tree import problem_at
from outreach.adapters.templates.output.template_source import ShapedSource, Stretch, TemplateSource
from outreach.adapters.templates.sandbox.limits import LARGEST_EMAIL, TOO_LONG, FactProblemError
from outreach.adapters.templates.sandbox.program import NAME, Known, Program, RefusedError, program
from outreach.domain.sending.rendering import RenderError

if TYPE_CHECKING:
    from types import TracebackType

    from outreach.adapters.templates.sandbox.environment import Sandbox

type Gap = Callable[[Context], str]


class Words:
    """The pieces of a template, with its programs found or compiled."""

    __slots__ = ("_file", "_size", "_texts", "gaps", "plain")

    def __init__(self, written: TemplateSource, environment: Sandbox, known: Known) -> None:
        """Raises TemplateError with the first problem."""
        self._texts = [piece if isinstance(piece, str) else "" for piece in written.pieces]
        self.plain = "".join(self._texts)
        self._size = len(self.plain)
        self._file = written.file
        self.gaps: list[tuple[int, Gap]] = []
        for place, piece in enumerate(written.pieces):
            match piece:
                case Stretch():
                    self.gaps.append((place, _run(piece, environment, known)))
                case ShapedSource(shape, arguments, source):
                    inside = Words(source, environment, known)
                    self.gaps.append((place, _shape(environment.filters[shape], arguments, inside)))
                case str():
                    pass

    def text(self, context: Context) -> str:
        """The text for the facts of this context. Raises RenderError with the place."""
        texts = self._texts.copy()
        size = self._size
        for place, gap in self.gaps:
            texts[place] = text = gap(context)
            size += len(text)
            if size > LARGEST_EMAIL:
                raise RenderError(TOO_LONG, file=self._file)
        return "".join(texts)


def _run(stretch: Stretch, environment: Sandbox, known: Known) -> Gap:
    try:
        ready = program(stretch.source, environment, known)
    except RefusedError as refused:
        raise problem_at(stretch.place(refused.slip.line), refused.slip.problem) from None
    run = ready.run

    def gap(context: Context) -> str:
        try:
            return run(context)
        except Exception as error:  # noqa: BLE001 - every error of facts in a template is reported with its place
            raise _failure(error, ready, stretch) from None

    return gap


def _shape(shape: Callable[..., str], arguments: tuple[str, ...], words: Words) -> Gap:
    return lambda context: shape(words.text(context), *arguments)


def _failure(error: Exception, ready: Program, stretch: Stretch) -> RenderError:
    """The error in our terms. Its own text is used only where it cannot hold a fact's value."""
    line = _line(error.__traceback__, ready)
    tag, place = stretch.tags.get(line), stretch.place(line)
    if isinstance(error, UndefinedError | SecurityError | FactProblemError):
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
