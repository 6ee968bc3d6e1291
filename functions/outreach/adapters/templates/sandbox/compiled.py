"""A part of an e-mail that was read, checked and compiled, ready for any number of customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2.runtime import Context

from outreach.adapters.templates.markup.tree import problem_at
from outreach.adapters.templates.output.template_source import TemplateSource, assignments
from outreach.adapters.templates.sandbox.program import NAME, Known, slips_in
from outreach.adapters.templates.sandbox.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.adapters.templates.sandbox.environment import Sandbox
    from outreach.adapters.templates.sandbox.vocabulary import Vocabulary
    from outreach.domain.sending.rendering import TemplateError

MOST_ASSIGNMENTS = 16


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
        self._words = Words(written, environment, _known(written, vocabulary))

    def render(self, facts: dict[str, object]) -> str:
        """The text for these facts. Raises RenderError with the place, and never with a value.

        `facts` must hold the environment's globals too, and the meter must have been started
        (`CompiledMessage` does both once for all parts).
        """
        words = self._words
        return words.text(Context(self._environment, facts, NAME, {})) if words.gaps else words.plain


def _known(written: TemplateSource, vocabulary: Vocabulary) -> Known:
    return {**vocabulary.known(), **{name: None for name, _ in assignments(written)}}


def _too_many_assignments(written: TemplateSource) -> Iterator[TemplateError]:
    for _, place in assignments(written)[MOST_ASSIGNMENTS:]:
        yield problem_at(place, f"a message may {{% set %}} {MOST_ASSIGNMENTS} names at most")
