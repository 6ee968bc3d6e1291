"""One thing that is wrong with a templates folder, or could be better."""

from dataclasses import dataclass
from enum import StrEnum

from outreach.adapters.templates.markup.tree import Place
from outreach.domain.sending.rendering import TemplateError
from outreach_tools.checks.reasons import reason


class Severity(StrEnum):
    """Whether a message may be published with it."""

    ERROR = "error"
    """It may not: some customers, or all, would get nothing, or something that must not be sent."""
    WARNING = "warning"
    """It may, but the author should look at it."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Where, what, and what would be right; sorted by place. Line and column 0 mean the file as a whole."""

    file: str
    """Below the templates folder."""
    line: int
    column: int
    rule: str
    """A key of `reasons.REASONS`."""
    what: str
    severity: Severity = Severity.ERROR

    @property
    def why(self) -> str:
        """Why it matters; empty where `what` says all."""
        return reason(self.rule, self.what)

    @property
    def where(self) -> str:
        """`file:line:column`, as editors and terminals understand it."""
        numbers = [str(number) for number in (self.line, self.column) if number]
        return ":".join((self.file, *numbers))


def error_at(place: Place, rule: str, what: str) -> Finding:
    """A finding that keeps a message from being published."""
    return Finding(place.file, place.line, place.column, rule, what)


def warning_at(place: Place, rule: str, what: str) -> Finding:
    """A finding that the author should look at."""
    return Finding(place.file, place.line, place.column, rule, what, Severity.WARNING)


def finding_of(problem: TemplateError, rule: str) -> Finding:
    """The renderer's problem as a finding."""
    return Finding(problem.file, problem.line, problem.column, rule, problem.problem)
