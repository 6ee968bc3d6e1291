"""What an import did, and what a person has to look at; each with the line of the file it came from."""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """Whether somebody has to act."""

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
    """Gathers notes; what happens often is told once with its first line."""

    _notes: dict[tuple[str, Kind], int] = field(default_factory=dict)

    def done(self, what: str, line: int = 0) -> None:
        """Something that was changed for good."""
        self._notes.setdefault((what, Kind.DONE), line)

    def look(self, what: str, line: int = 0) -> None:
        """Something that only a person can decide."""
        self._notes.setdefault((what, Kind.LOOK), line)

    @property
    def sorted(self) -> tuple[Note, ...]:
        """All of them, in the order of lines."""
        return tuple(sorted(Note(line, what, kind) for (what, kind), line in self._notes.items()))
