"""The notes of an import: what it did, and what an author must check; each with its line in the file."""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """Whether the author has to act."""

    DONE = "done"
    LOOK = "look"


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One thing that an import changed, or could not change."""

    line: int
    """In the file that was imported; 0 for the file as a whole."""
    what: str
    kind: Kind


@dataclass(slots=True)
class Notes:
    """Collects notes; a repeated one is reported once with its first line."""

    _notes: dict[tuple[str, Kind], int] = field(default_factory=dict)

    def done(self, what: str, line: int = 0) -> None:
        """Something that was changed permanently."""
        self._notes.setdefault((what, Kind.DONE), line)

    def look(self, what: str, line: int = 0) -> None:
        """Something that only the author can decide."""
        self._notes.setdefault((what, Kind.LOOK), line)

    @property
    def sorted(self) -> tuple[Note, ...]:
        """All of them, in the order of lines."""
        return tuple(sorted(Note(line, what, kind) for (what, kind), line in self._notes.items()))
