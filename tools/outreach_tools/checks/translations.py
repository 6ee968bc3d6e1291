"""Messages, and shared parts, that lack a language which others of the campaign have."""

from collections.abc import Iterable, Iterator

from outreach.adapters.templates.markup.part_templates import FOLDER
from outreach.adapters.templates.source_files import languages
from outreach_tools.checks.finding import Finding, Severity


def translation_findings(campaign: str, paths: Iterable[str], part_paths: Iterable[str]) -> Iterator[Finding]:
    """Of the files of one campaign, and of the files of `_layout/`."""
    messages, parts = _languages(paths), _languages(part_paths)
    spoken = set().union(*messages.values())
    for name, written in sorted(messages.items()):
        for language in sorted(spoken - written):
            yield _missing(f"{campaign}/{name}.mjml", f"{campaign}/{name}.{language}.mjml")
        if "" not in written:
            what = f"there is no {name}.mjml for all other languages"
            yield Finding(f"{campaign}/{name}.{min(written)}.mjml", 0, 0, "translation", what)
    for name, written in sorted(parts.items()):
        if len(written) > 1:
            for language in sorted(spoken - written):
                yield _missing(f"{FOLDER}/{name}.mjml", f"{FOLDER}/{name}.{language}.mjml")


def _missing(file: str, wanted: str) -> Finding:
    what = f"other messages of the campaign speak this language: write {wanted}"
    return Finding(file, 0, 0, "translation", what, Severity.WARNING)


def _languages(paths: Iterable[str]) -> dict[str, set[str]]:
    """Names of messages or parts, with their languages; the empty one is the default."""
    found: dict[str, set[str]] = {}
    for path in paths:
        name, *marks = path.rsplit("/", 1)[-1].removesuffix(".mjml").split(".")
        if not marks or languages(marks[0]):
            found.setdefault(name, set()).add(marks[0] if marks else "")
    return found
