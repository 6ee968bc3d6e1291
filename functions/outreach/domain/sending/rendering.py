"""What a rendered e-mail is, and the named errors of rendering."""

from dataclasses import dataclass

from outreach.domain.errors import OutreachError


@dataclass(frozen=True, slots=True)
class RenderedEmail:
    """One e-mail as the customer gets it; the very strings that are sent."""

    subject: str
    html: str
    text: str


class TemplateError(OutreachError):
    """A template, or the folder around it, is wrong: says where, what, and what would be right.

    `line` and `column` count from 1; 0 means that the problem belongs to the file as a whole. The problem
    names facts, never their values, so that it may be logged.
    """

    def __init__(self, problem: str, *, file: str, line: int = 0, column: int = 0) -> None:
        self.file = file
        self.line = line
        self.column = column
        self.problem = problem
        super().__init__(f"{self.where}: {problem}")

    @property
    def where(self) -> str:
        """`file:line:column`, as editors and terminals understand it."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class UnknownMessageError(TemplateError):
    """The campaign or the message has no template."""


class RenderError(TemplateError):
    """The template is sound, but these facts do not fit it (one is missing, or of another kind)."""
