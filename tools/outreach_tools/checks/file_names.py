"""Names of files that no step can send, and languages that no customer reads."""

import re
from collections.abc import Iterable, Iterator

from outreach.adapters.campaign_files.values import LONGEST_NAME, NAME_PATTERN
from outreach.adapters.templates.source_files import languages
from outreach_tools.checks.finding import Finding

_OTHER = re.compile(r"[^a-z0-9]+")


def is_misnamed(message: str) -> bool:
    """Whether no step could name it."""
    return len(message) > LONGEST_NAME or re.fullmatch(NAME_PATTERN, message) is None


def file_name_findings(paths: Iterable[str]) -> Iterator[Finding]:
    """Of the messages of a campaign."""
    for path in paths:
        folder, _, file = path.rpartition("/")
        name, *marks = file.removesuffix(".mjml").split(".")
        right = _OTHER.sub("-", name.lower()).strip("-")[:LONGEST_NAME].strip("-") or "message"
        if is_misnamed(name):
            allowed = f"lowercase letters, digits and hyphens, {LONGEST_NAME} at most"
            what = f"a message is named with {allowed}; call it {right}.mjml"
            yield Finding(f"{folder}/{file}", 0, 0, "file-name", what)
        if len(marks) > 1 or (marks and not languages(marks[0])):
            code = ".".join(marks)
            what = f"{code!r} is no language; write its code, such as {right}.fr.mjml or {right}.fr-CA.mjml"
            yield Finding(f"{folder}/{file}", 0, 0, "file-name", what)
