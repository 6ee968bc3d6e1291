"""The expressions of campaign files (`if:`, `unless:`, `until:`), lenient about missing facts."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateSyntaxError, Undefined, nodes
from jinja2.parser import Parser

from outreach.adapters.templates.sandbox.bounding import bounded
from outreach.adapters.templates.sandbox.environment import expression_sandbox
from outreach.adapters.templates.sandbox.facts import FACTS
from outreach.adapters.templates.sandbox.guard import TOO_COMPLICATED, read, unknown_names
from outreach.adapters.templates.sandbox.limits import FactProblemError, start_meter
from outreach.adapters.templates.sandbox.syntax import syntax_problem
from outreach.domain.errors import ExpressionFailedError
from outreach.domain.sending.rendering import TemplateError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_RESULT = "_result"
FILE = "<expression>"


def check_expression(expression: str) -> None:
    """Raises TemplateError for bad syntax, for anything templates may not do, and for unknown facts."""
    _compiled(expression)


def evaluate(expression: str, facts: Mapping[str, object]) -> object:
    """The value of the expression for these facts; None when the result is unknown.

    A fact that is missing or None is false and empty, and neither smaller nor larger than anything, so that
    `order.promised_at < now` is simply false for an order without a promise. Raises ExpressionFailedError
    when the facts are of a kind that cannot be compared or calculated with at all.
    """
    compiled = _compiled(expression)
    try:
        value = compiled(facts)
    except Exception as error:  # noqa: BLE001 - every error of facts in an expression is reported as one kind
        shown = str(error) if isinstance(error, FactProblemError) else type(error).__name__
        raise ExpressionFailedError(f"{expression!r} does not fit these facts ({shown})") from None
    return None if isinstance(value, Undefined) else value


@lru_cache(maxsize=2048)
def _compiled(expression: str) -> Callable[[Mapping[str, object]], Any]:
    try:
        return _compile(expression)
    except (RecursionError, MemoryError, SyntaxError, ValueError):  # Python's own limits of its compiler
        raise _problem(expression, TOO_COMPLICATED) from None


def _compile(expression: str) -> Callable[[Mapping[str, object]], Any]:
    environment = expression_sandbox()
    try:
        parser = Parser(environment, expression, state="variable")
        tree = parser.parse_expression()
    except TemplateSyntaxError as error:
        problem = syntax_problem(expression, 1, error.message or "", is_expression=True)
        raise _problem(expression, problem) from None
    if not parser.stream.eos:
        raise _problem(
            expression, f"nothing can follow at {parser.stream.current.value!r}: write one expression"
        )
    name = nodes.Name(_RESULT, "store", lineno=1)
    program = nodes.Template([nodes.Assign(name, tree, lineno=1)], lineno=1)
    program.set_environment(environment)
    reading = read(program, environment)
    for slip in (*reading.slips, *unknown_names(reading.uses, FACTS)):
        raise _problem(expression, slip.problem)
    template = environment.from_string(bounded(program))

    def value(facts: Mapping[str, object]) -> Any:
        start_meter()
        context = template.new_context(dict(facts))
        for _ in template.root_render_func(context):
            pass
        return context.vars.get(_RESULT)

    return value


def _problem(expression: str, problem: str) -> TemplateError:
    return TemplateError(f"{expression!r}: {problem}", file=FILE, line=1, column=1)
