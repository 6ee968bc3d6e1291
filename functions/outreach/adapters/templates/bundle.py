"""The templates of one bundle: finds a message in the customer's language, compiles it once, renders it."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from outreach.adapters.templates.constants import Constants, read_constants
from outreach.adapters.templates.markup.part_templates import PartTemplates
from outreach.adapters.templates.markup.parts import Parts
from outreach.adapters.templates.message import CompiledMessage, Message, MessageFile
from outreach.adapters.templates.samples import read_samples
from outreach.adapters.templates.sandbox import expressions
from outreach.adapters.templates.sandbox.facts import suggestion
from outreach.adapters.templates.source_files import SourceFiles, languages
from outreach.domain.rendering import RenderedEmail, TemplateError, UnknownMessage

SUFFIX = "mjml"


class TemplateBundle:
    """Renders messages from any mapping of paths to bytes. Reads nothing before it is asked for a message."""

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

        Raises UnknownMessage, TemplateError when the message is written wrongly, and RenderError when the
        facts do not fit it. None of them holds a fact's value.
        """
        return self._message(campaign, message, locale).render(facts)

    def message_names(self, campaign: str) -> tuple[str, ...]:
        """The campaign's messages, sorted. Raises UnknownMessage for a campaign that is not here."""
        self._constants_of(campaign)
        return self._files.names(campaign, SUFFIX)

    def problems(self, campaign: str) -> Iterator[TemplateError]:
        """Everything that is wrong with the campaign's messages, in all their languages."""
        try:
            self._constants_of(campaign)
        except TemplateError as problem:
            yield problem
            return
        prefix = f"{campaign}/"
        for path in sorted(self._files.files):
            if path.startswith(prefix) and path.endswith(f".{SUFFIX}"):
                try:
                    yield from self._read(campaign, path).problems()
                except TemplateError as problem:
                    yield problem

    def samples(self, campaign: str) -> Mapping[str, Mapping[str, object]]:
        """The facts of the people in the campaign's `sample.yaml`, by name; complete but for `message`."""
        return read_samples(self._files, campaign)

    def evaluate(self, expression: str, facts: Mapping[str, object]) -> object:
        """The value of an expression of a campaign file; what is not known is false, and never an error."""
        return expressions.evaluate(expression, facts)

    def check_expression(self, expression: str) -> None:
        """Raises TemplateError unless `evaluate` could take it."""
        expressions.check_expression(expression)

    def _message(self, campaign: str, message: str, locale: str | None) -> CompiledMessage:
        path = self._path(campaign, message, locale)
        if path not in self._compiled:
            self._compiled[path] = self._read(campaign, path).compile()
        return self._compiled[path]

    def _read(self, campaign: str, path: str) -> Message:
        file = self._file(campaign, path)
        key = (campaign, file.language)
        if key not in self._parts:
            self._parts[key] = Parts(self._part_templates, file.language, file.constants)
        return Message(self._files, self._parts[key], file)

    def _find(self, campaign: str, message: str, locale: str | None) -> str:
        try:
            return self._files.in_language(f"{campaign}/{message}", SUFFIX, locale or "")
        except KeyError:
            hint = suggestion(message, self.message_names(campaign))
            file = f"{campaign}/{message}.{SUFFIX}"
            raise UnknownMessage(
                f"campaign {campaign!r} has no message {message!r}; {hint}", file=file
            ) from None

    def _file(self, campaign: str, path: str) -> MessageFile:
        constants = self._constants_of(campaign)
        marked = path.rsplit("/", 1)[-1].split(".")[1:-1]
        found = languages(marked[0]) if marked else ()
        return MessageFile(path, found[0] if found else str(constants.brand["language"]), constants)

    def _constants_of(self, campaign: str) -> Constants:
        if campaign not in self._constants:
            self._constants[campaign] = read_constants(self._files, campaign)
        return self._constants[campaign]
