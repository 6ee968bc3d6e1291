"""Collects the problems of a campaign file, each with its place, in the order of places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from outreach.domain.errors import InvalidCampaignError, Problem

if TYPE_CHECKING:
    from outreach.adapters.campaign_files.yaml_lines import Document, Path, Place


@dataclass(slots=True)
class Report:
    """Everything found so far."""

    file: str
    document: Document
    _found: list[tuple[Place, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._found += [(slip.place, slip.what) for slip in self.document.slips]

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, path: Path, what: str) -> None:
        """One more problem with the value at a path."""
        words = _in_words(path)
        self._found.append((self.document.place_of(path), f"{words}: {what}" if words else what))

    def error(self) -> InvalidCampaignError:
        """All of them; a repeated one is reported once."""
        ordered = dict.fromkeys(sorted(self._found))
        return InvalidCampaignError(
            tuple(Problem(f"{self.file}:{line}:{column}", what) for (line, column), what in ordered)
        )


def _in_words(path: Path) -> str:
    """A path as people count: `steps[2].wait` is the third step's `wait`."""
    match path:
        case ():
            return ""
        case ("steps", int(place)):
            return f"step {place + 1}"
        case ("steps", int(place), *rest):
            return f"step {place + 1}, {_dotted(tuple(rest))}"
    return _dotted(path)


def _dotted(path: Path) -> str:
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return f"`{text}`"
