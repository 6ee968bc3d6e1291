"""The files of `_layout/`, each read, checked and compiled once, however often messages use it."""

from dataclasses import dataclass

from jinja2 import Template, TemplateSyntaxError

from outreach.adapters.templates.sandbox.environment import parts_sandbox
from outreach.adapters.templates.sandbox.guard import names_used, slips
from outreach.adapters.templates.source_files import SourceFiles
from outreach.domain.rendering import TemplateError

FOLDER = "_layout"
SUFFIX = "mjml"
GIVEN = frozenset({"brand", "language", "marketing", "content"})
"""What every part may use besides its own attributes."""


@dataclass(frozen=True, slots=True)
class PartTemplate:
    """A part that can be filled in."""

    path: str
    attributes: frozenset[str]
    """The attributes it knows; those it can do without have a default, or are asked for with `is defined`."""
    template: Template


class PartTemplates:
    """The parts of one bundle, by name and language."""

    def __init__(self, files: SourceFiles) -> None:
        self._files = files
        self._compiled: dict[str, PartTemplate] = {}
        self._paths: dict[tuple[str, str], str] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """All parts there are."""
        return self._files.names(FOLDER, SUFFIX)

    def find(self, name: str, language: str) -> PartTemplate:
        """The part that fits the language best; KeyError if there is none, TemplateError if it is wrong."""
        key = (name, language)
        if key not in self._paths:
            self._paths[key] = self._files.in_language(f"{FOLDER}/{name}", SUFFIX, language)
        path = self._paths[key]
        if path not in self._compiled:
            self._compiled[path] = _compile(path, self._files.text(path))
        return self._compiled[path]


def _compile(path: str, source: str) -> PartTemplate:
    environment = parts_sandbox()
    try:
        tree = environment.parse(source)
    except TemplateSyntaxError as error:
        raise TemplateError(
            error.message or "this is not Jinja", file=path, line=error.lineno, column=1
        ) from None
    names = names_used(tree)
    for slip in slips(tree, environment, dict.fromkeys(names | GIVEN)):
        raise TemplateError(slip.problem, file=path, line=slip.line, column=1)
    return PartTemplate(path, names - GIVEN, environment.from_string(tree))
