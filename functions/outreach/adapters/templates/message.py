"""One message in one language: read and checked once, then rendered for each customer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from outreach.adapters.templates.markup.front_matter import NO_LAYOUT, read_front_matter
from outreach.adapters.templates.markup.html_attributes import html_attribute_problems
from outreach.adapters.templates.markup.parse import parse
from outreach.adapters.templates.markup.rules import markup_problems, nested_documents
from outreach.adapters.templates.markup.tokens import Source
from outreach.adapters.templates.markup.tree import Element, Place
from outreach.adapters.templates.output.all_tags import all_tags
from outreach.adapters.templates.output.fluid_hero import fluid_hero_problems
from outreach.adapters.templates.output.html_part import html_template
from outreach.adapters.templates.output.template_source import TemplateSource, written_file
from outreach.adapters.templates.output.text_part import text_template, tidy
from outreach.adapters.templates.sandbox.compiled import CompiledTemplate, template_problems
from outreach.adapters.templates.sandbox.environment import Sandbox, sandbox
from outreach.adapters.templates.sandbox.limits import start_meter
from outreach.adapters.templates.sandbox.names import with_names_only
from outreach.domain.sending.rendering import RenderedEmail, RenderError, TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from outreach.adapters.templates.constants import Constants
    from outreach.adapters.templates.markup.parts import Parts
    from outreach.adapters.templates.source_files import SourceFiles

DOCUMENT = "the page"


@dataclass(frozen=True, slots=True)
class MessageFile:
    """Where a message is, in which language it is written, and what it may use without the engine."""

    path: str
    language: str
    constants: Constants


class Message:
    """A message as its author wrote it, with parts and layout filled in, not yet compiled."""

    def __init__(self, files: SourceFiles, parts: Parts, file: MessageFile, *, lenient: bool = False) -> None:
        """Raises TemplateError at the first thing that keeps it from being read at all.

        A lenient reader goes on after wrong tags and parts: they are in `unreadable`.
        """
        self.unreadable: list[TemplateError] = []
        wrong = self.unreadable if lenient else None
        text = files.text(file.path)
        head = read_front_matter(text, file.path)
        body = parse(Source(text, file.path, file.constants.markup), start=head.body, wrong=wrong)
        self.is_well_formed = not self.unreadable
        """Whether every tag was as it should be, so that what stands inside what is certain."""
        page = Element(f"o-{head.layout}", Place(file.path, 1, 1), {}, body)
        self.file = file
        self.tree = parts.expand(body if head.layout == NO_LAYOUT else (page,), wrong=wrong)
        self.head = head
        self.written_text = _written_text(files, file.path)
        """The hand-written text part beside the message, if there is one."""

    def problems(self) -> Iterator[TemplateError]:
        """Everything that is wrong with it, in the markup and in the content."""
        markup = list(self.markup_problems())
        yield from markup
        if not markup:
            yield from self.word_problems()

    def markup_problems(self) -> Iterator[TemplateError]:
        """Everything that stands where it cannot, or whose spelling is unknown."""
        yield from markup_problems(self.tree, DOCUMENT)
        yield from html_attribute_problems(self.tree)
        yield from nested_documents(self.tree)
        yield from fluid_hero_problems(self.tree)

    def word_problems(self) -> Iterator[TemplateError]:
        """What is wrong with its Jinja."""
        for template, environment in self.word_sources:
            yield from template_problems(template, environment, self.file.constants.vocabulary)

    def compile(self) -> CompiledMessage:
        """Ready to render. Raises TemplateError with the first problem."""
        for problem in (*self.unreadable, *markup_problems(self.tree, DOCUMENT)):
            raise problem
        words = self.file.constants.vocabulary
        constants = self.file.constants
        same = {
            **sandbox(self.file.language, html=True).globals,
            "brand": constants.brand,
            "values": constants.values,
        }
        compiled = (CompiledTemplate(*template, words) for template in self.sources)
        return CompiledMessage(self.head.places, same, *compiled)

    @cached_property
    def word_sources(self) -> tuple[tuple[TemplateSource, Sandbox], ...]:
        """The same as `sources`, to be read and not to be sent: also where the markup has problems."""
        if not self.unreadable and next(self.markup_problems(), None) is None:
            return self.sources
        plain, rich = sandbox(self.file.language, html=False), sandbox(self.file.language, html=True)
        return (
            (self.head.subject, plain),
            (self.head.preheader, plain),
            (all_tags(self.tree, self.file.path), rich),
            (self.written_text or TemplateSource((), self.file.path), plain),
        )

    @cached_property
    def sources(self) -> tuple[tuple[TemplateSource, Sandbox], ...]:
        """Subject, preheader, HTML and text, each with its environment; the tree must have no problems."""
        plain, rich = sandbox(self.file.language, html=False), sandbox(self.file.language, html=True)
        return (
            (self.head.subject, plain),
            (self.head.preheader, plain),
            (html_template(self.tree, self.file.path), rich),
            (self.written_text or text_template(self.tree, self.file.path), plain),
        )


def _written_text(files: SourceFiles, path: str) -> TemplateSource | None:
    """A hand-written text part beside the message replaces the one made from its markup."""
    beside = f"{path.removesuffix('.mjml')}.txt"
    return written_file(files.text(beside), beside) if beside in files.files else None


@dataclass(frozen=True, slots=True)
class CompiledMessage:
    """A message that can be rendered; keep it: making it takes a hundred times longer than rendering."""

    places: Mapping[str, Place]
    """Where subject and preheader stand."""
    same: Mapping[str, object]
    """What is the same for every customer."""
    subject: CompiledTemplate
    preheader: CompiledTemplate
    html: CompiledTemplate
    text: CompiledTemplate

    def render(self, facts: Mapping[str, object]) -> RenderedEmail:
        """The e-mail for these facts. Raises RenderError when they do not fit the content."""
        start_meter()
        known = {**self.same, **with_names_only(facts)}
        subject = self._line(self.subject, "subject", known)
        known["subject"] = subject
        known["preheader"] = self._line(self.preheader, "preheader", known)
        return RenderedEmail(subject, self.html.render(known), tidy(self.text.render(known)))

    def _line(self, template: CompiledTemplate, name: str, known: dict[str, object]) -> str:
        """One line, whatever the facts hold: a line break in a subject would be a forged header."""
        line = " ".join(template.render(known).split())
        if not line:
            place = self.places[name]
            problem = f"the {name} is empty for these facts"
            raise RenderError(problem, file=place.file, line=place.line, column=place.column)
        return line
