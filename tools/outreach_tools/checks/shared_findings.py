"""Findings in a part that messages share: reported once, with a message that has them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from outreach.adapters.templates.markup.part_templates import FOLDER
from outreach_tools.checks.finding import Finding

_FOR_SOMEBODY = re.compile(r"^for [^:]+: ")
"""Which sample person had it first differs from message to message."""


@dataclass(slots=True)
class SharedFindings:
    """Collects them from message to message."""

    _met: dict[Finding, tuple[Finding, list[str]]] = field(default_factory=dict)
    """Per finding without its person: its first report, and the files of the messages that have it."""

    def without_shared(self, path: str, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Those that lie in the message's own files; the others are collected."""
        for finding in findings:
            if not finding.file.startswith(f"{FOLDER}/"):
                yield finding
                continue
            key = replace(finding, what=_FOR_SOMEBODY.sub("", finding.what))
            _, messages = self._met.setdefault(key, (finding, []))
            if path not in messages:
                messages.append(path)

    def told(self) -> Mapping[Finding, frozenset[str]]:
        """Each once, naming the messages, with the campaigns that have it."""
        return {
            replace(finding, what=f"{finding.what} (met by {_names(messages)})"): frozenset(
                path.partition("/")[0] for path in messages
            )
            for finding, messages in self._met.values()
        }


def _names(messages: list[str]) -> str:
    first, others = messages[0], len(messages) - 1
    return first if not others else f"{first} and {others} more"
