"""The door for `facts.yaml`: from its text to the declared facts, or to everything that is wrong with it.

What it needs (YAML, pydantic) is imported at the first file, so that importing this costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outreach.domain.journeys.declared_facts import DeclaredFacts

FACTS_FILE = "facts.yaml"
_HEADING = "\n# What facts.yaml declared when these steps were published:\n"
_LINE = "#| "


def load_facts(text: str, *, file: str = FACTS_FILE) -> DeclaredFacts:
    """Read the file. Raises InvalidCampaignError with every problem: its line, what, what would be right."""
    from outreach.adapters.campaign_files.facts.check import checked_facts  # noqa: PLC0415 - pydantic is slow to import

    return checked_facts(text, file)


def facts_schema() -> dict[str, object]:
    """The JSON Schema of the file, for editors; kept in docs/facts.schema.json."""
    from outreach.adapters.campaign_files.facts.check import facts_json_schema  # noqa: PLC0415 - pydantic is slow to import

    return facts_json_schema()


def with_facts(steps: str, facts: str | None) -> str:
    """The text of a campaign file with that of `facts.yaml` below it, as YAML comments.

    Enrollments are pinned to the hash of this text. A release that knows no declared facts reads the comments
    as comments.
    """
    if facts is None or not facts.strip():
        return steps
    lines = (f"{_LINE}{line}\n" for line in facts.replace("\r\n", "\n").split("\n"))
    return f"{steps}{_HEADING}{''.join(lines)}"


def without_facts(text: str) -> tuple[str, str | None]:
    """Undo `with_facts`: the text of the campaign file, and that of `facts.yaml` if there was one."""
    steps, heading, lines = text.partition(_HEADING)
    if not heading:
        return text, None
    return steps, "\n".join(line.removeprefix(_LINE) for line in lines.removesuffix("\n").split("\n"))
