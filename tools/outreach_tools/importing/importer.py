"""Imports one message into a templates folder, fixes what it can, and reports what is left to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import shorten

from outreach.adapters.templates import TemplateBundle
from outreach.domain.errors import OutreachError
from outreach_tools.checks import Checker, Finding
from outreach_tools.importing.addresses import Addresses
from outreach_tools.importing.cleaning import body_of, clean
from outreach_tools.importing.gaps import gaps_beside_styles
from outreach_tools.importing.jinja_marks import JinjaMarks, literal, without_marks
from outreach_tools.importing.legible import legible
from outreach_tools.importing.message_file import is_laid_out, message_file, plain_words
from outreach_tools.importing.notes import Note, Notes
from outreach_tools.importing.ses_template import ForeignTemplate
from outreach_tools.importing.translator import Translator

PREHEADER_LENGTH = 90
"""Characters. Mail programs show about that much after the subject."""
WAY_OUT = "\n\nUnsubscribe: {{ links.unsubscribe }}\n"
BROKEN = frozenset({"unreadable", "markup", "words"})
MOST_MENDINGS = 50
"""Colours that are changed in one message."""


class CannotImportError(OutreachError):
    """There is nothing to import, or no folder to put it in."""


@dataclass(frozen=True, slots=True)
class Imported:
    """The files that an import makes, by their paths below the templates folder."""

    files: Mapping[str, str]
    notes: tuple[Note, ...]
    findings: tuple[Finding, ...]
    """The checker's findings about them."""


def import_template(
    template: ForeignTemplate, *, campaign: str, message: str, folder: Mapping[str, bytes]
) -> Imported:
    """The message's files.

    Raises CannotImportError. `folder` are the files of the templates folder as it is.
    """
    if f"{campaign}/campaign.yaml" not in folder:
        raise CannotImportError(f"there is no campaign {campaign!r}; make {campaign}/campaign.yaml first")
    making = _Making(template, f"{campaign}/{message}", folder)
    making.read()
    files = making.files()
    findings = making.findings(files)
    if making.cuts_elements or (
        making.marks.has_statements and any(each.rule in BROKEN for each in findings)
    ):
        making = _Making(template, f"{campaign}/{message}", folder, keeps_blocks=False)
        making.read()
        making.notes.look("conditions and loops were kept out, because they cut through elements")
        files = making.files()
        findings = making.findings(files)
    files = making.legible(files, findings)
    return Imported(files, making.notes.sorted, making.findings(files))


class _Making:
    """One import in progress."""

    def __init__(
        self, template: ForeignTemplate, path: str, folder: Mapping[str, bytes], *, keeps_blocks: bool = True
    ) -> None:
        self.notes, self.marks = Notes(), JinjaMarks()
        self._template = template
        self._path = path
        self._folder = folder
        self._checker = Checker()
        constants = TemplateBundle(folder).constants(path.partition("/")[0])
        known = constants.vocabulary.known()
        self._translator = Translator(
            self.marks, self.notes, known, template.defaults, keeps_blocks=keeps_blocks
        )
        self.cuts_elements = False
        """Whether cleaning moved text out of its condition, or into one."""

    def read(self) -> None:
        """Translate and clean everything."""
        translated = self._translator.translate(without_marks(self._template.html), is_html=True)
        cleaned, title = clean(translated, self.notes)
        self.cuts_elements = self.marks.controlled(body_of(translated)) != self.marks.controlled(cleaned)
        html = Addresses(self.marks, self.notes).mend(gaps_beside_styles(cleaned, self.marks))
        words, name = plain_words(html), self._path.rpartition("/")[2].replace("-", " ")
        self._html = self.marks.lost_gaps(title + html) + html
        if not words and self._html == html:
            raise CannotImportError("the file holds no text; is it the right one?")
        self._subject = self._line(self._template.subject)
        if not self._subject:
            self._subject = literal(title, is_html=False) or name
            self.notes.look("the subject was made of the title: write a good one")
        first = literal(self.marks.for_every_customer(html), is_html=False)
        self._preheader = shorten(first, PREHEADER_LENGTH, placeholder="") or name
        self.notes.look("the preheader was made of the first text: write a good one")
        self._text = self._line(self._template.text).strip()
        if is_laid_out(self._html):
            self.notes.done("the page was kept as it was; header and footer of the layout stand around it")
            self.notes.look("it may have a footer of its own: take one of the two away")

    def _line(self, text: str) -> str:
        return literal(self._translator.translate(without_marks(text), is_html=False), is_html=False)

    def files(self) -> Mapping[str, str]:
        """The message file, and its text part where the template had one."""
        message = message_file(
            subject=self._subject, preheader=self._preheader, html=self._html, marks=self.marks
        )
        files = {f"{self._path}.mjml": message}
        if self._text:
            text = self.marks.restore(self._text)
            files[f"{self._path}.txt"] = text + ("\n" if "links.unsubscribe" in text else WAY_OUT)
        return files

    def findings(self, files: Mapping[str, str]) -> tuple[Finding, ...]:
        """The checker's findings about these files, except that no step sends them yet."""
        whole = {**self._folder, **{path: text.encode() for path, text in files.items()}}
        found = self._checker.check(whole).findings
        return tuple(each for each in found if each.file in files and each.rule != "unused-message")

    def legible(self, files: Mapping[str, str], findings: tuple[Finding, ...]) -> Mapping[str, str]:
        """The files with text that can be read on its background."""
        path = f"{self._path}.mjml"
        text = files[path]
        for _ in range(MOST_MENDINGS):
            changed = next((new for each in findings if (new := legible(text, each)) != text), text)
            if changed == text:
                break
            self.notes.look("text that could hardly be read is black or white now: check its colours")
            text = changed
            findings = self.findings({**files, path: text})
        return {**files, path: text}
