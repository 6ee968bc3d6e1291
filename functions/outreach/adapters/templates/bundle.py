"""The templates of one bundle: finds a message in the customer's language, compiles it once, renders it."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from outreach.adapters.campaign_files.facts.facts_file import FACTS_FILE, load_facts
from outreach.adapters.templates.constants import Constants, read_constants
from outreach.adapters.templates.markup.part_templates import PartTemplates
from outreach.adapters.templates.markup.parts import Parts
from outreach.adapters.templates.message import CompiledMessage, Message, MessageFile
from outreach.adapters.templates.samples import read_samples
from outreach.adapters.templates.sandbox import expressions
from outreach.adapters.templates.sandbox.facts import suggestion
from outreach.adapters.templates.source_files import SourceFiles, languages
from outreach.domain.errors import InvalidCampaignError
from outreach.domain.journeys.declared_facts import DeclaredFacts
from outreach.domain.sending.rendering import RenderedEmail, TemplateError, UnknownMessageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SUFFIX = "mjml"


class TemplateBundle:
    """Renders messages from any mapping of paths to bytes. Reads nothing before a message is requested."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = SourceFiles(files)
        self._part_templates = PartTemplates(self._files)
        self._parts: dict[tuple[str, str], Parts] = {}
        self._constants: dict[str, Constants] = {}
        self._compiled: dict[str, CompiledMessage] = {}
        self._path = lru_cache(maxsize=4096)(self._find)

    def render(
        self, campaign: str, message: str, facts: Mapping[str, object], *, locale: str | None = None
    ) -> RenderedEmail:
        """The e-mail for these facts, in the language that fits the locale best.

        Raises UnknownMessageError, TemplateError when the message is written wrongly, and RenderError when
        the facts do not fit it. None of them holds a fact's value.
        """
        return self.prepare(campaign, message, locale=locale).render(facts)

    def message_names(self, campaign: str) -> tuple[str, ...]:
        """The campaign's messages, sorted. Raises UnknownMessageError for a campaign that is missing."""
        self.constants(campaign)
        return self._files.names(campaign, SUFFIX)

    def prepare(self, campaign: str, message: str, *, locale: str | None = None) -> CompiledMessage:
        """Compile a message now, and not at its first rendering. Raises as `render` does."""
        path = self._path(campaign, message, locale)
        if path not in self._compiled:
            self._compiled[path] = self.read_message(campaign, path).compile()
        return self._compiled[path]

    def message_files(self, campaign: str) -> tuple[str, ...]:
        """The paths of the campaign's messages in all their languages. Raises as `message_names` does."""
        self.constants(campaign)
        prefix, end = f"{campaign}/", f".{SUFFIX}"
        return tuple(
            sorted(path for path in self._files.files if path.startswith(prefix) and path.endswith(end))
        )

    def read_message(self, campaign: str, path: str, *, lenient: bool = False) -> Message:
        """One of `message_files` as its author wrote it. Raises TemplateError where it cannot be read.

        A lenient reader goes on after wrong tags and parts, for `Message.unreadable`.
        """
        file = self._file(campaign, path)
        key = (campaign, file.language)
        if key not in self._parts:
            self._parts[key] = Parts(self._part_templates, file.language, file.constants)
        return Message(self._files, self._parts[key], file, lenient=lenient)

    def constants(self, campaign: str) -> Constants:
        """The brand and the campaign's own values. Raises TemplateError where they cannot be read."""
        if campaign not in self._constants:
            self._constants[campaign] = read_constants(self._files, campaign)
        return self._constants[campaign]

    def problems(self, campaign: str) -> Iterator[TemplateError]:
        """Everything that is wrong with the campaign's messages, in all their languages."""
        try:
            paths = self.message_files(campaign)
        except TemplateError as problem:
            yield problem
            return
        for path in paths:
            try:
                yield from self.read_message(campaign, path).problems()
            except TemplateError as problem:
                yield problem

    def samples(self, campaign: str) -> Mapping[str, Mapping[str, object]]:
        """The facts of the people in the campaign's `sample.yaml`, by name; complete but for `message`."""
        return read_samples(self._files, campaign, self.facts)

    @cached_property
    def facts(self) -> DeclaredFacts:
        """What `facts.yaml` declares; nothing without the file, or while something in it is wrong."""
        if FACTS_FILE not in self._files.files:
            return DeclaredFacts()
        try:
            return load_facts(self._files.text(FACTS_FILE))
        except (TemplateError, InvalidCampaignError):
            return DeclaredFacts()

    def evaluate(self, expression: str, facts: Mapping[str, object]) -> object:
        """The value of an expression of a campaign file; an unknown fact is false, and never an error.

        Raises ExpressionFailedError when these facts do not fit it.
        """
        return expressions.evaluate(expression, facts)

    def check_expression(self, expression: str) -> None:
        """Raises TemplateError unless `evaluate` accepts it."""
        expressions.check_expression(expression)

    def _find(self, campaign: str, message: str, locale: str | None) -> str:
        try:
            return self._files.in_language(f"{campaign}/{message}", SUFFIX, locale or "")
        except KeyError:
            hint = suggestion(message, self.message_names(campaign))
            file = f"{campaign}/{message}.{SUFFIX}"
            raise UnknownMessageError(
                f"campaign {campaign!r} has no message {message!r}; {hint}", file=file
            ) from None

    def _file(self, campaign: str, path: str) -> MessageFile:
        constants = self.constants(campaign)
        marked = path.rsplit("/", 1)[-1].split(".")[1:-1]
        found = languages(marked[0]) if marked else ()
        return MessageFile(path, found[0] if found else str(constants.brand["language"]), constants)
