"""The catalogue of a folder as it is now: polls for saved files, and wakes threads that wait for a change."""

from collections.abc import Callable
from pathlib import Path
from threading import Condition, Event, Thread

from outreach_tools.preview.catalogue import Catalogue

EVERY = 0.25
"""Seconds between two polls; a folder of templates has a hundred files, so a poll costs a millisecond."""


class WatchedFolder:
    """A new catalogue for each state of the folder; states are counted from 1."""

    def __init__(self, folder: Path, open_catalogue: Callable[[Path], Catalogue]) -> None:
        self._folder = folder
        self._open = open_catalogue
        self._changed = Condition()
        self._stopped = Event()
        self._seen = _state(folder)
        self.catalogue = open_catalogue(folder)
        self.number = 1

    def start(self) -> None:
        """Poll until `stop` is called, beside everything else."""
        Thread(target=self._look, name="watch", daemon=True).start()

    def stop(self) -> None:
        """Stop polling, and release all waiting threads."""
        self._stopped.set()
        with self._changed:
            self._changed.notify_all()

    def wait(self, known: int, seconds: float) -> int:
        """The number of the state after `known`, or `known` when the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self.number != known or self._stopped.is_set(), seconds)
            return self.number

    def _look(self) -> None:
        while not self._stopped.wait(EVERY):
            state = _state(self._folder)
            if state != self._seen:
                self._seen = state
                catalogue = self._open(self._folder)
                with self._changed:
                    self.catalogue = catalogue
                    self.number += 1
                    self._changed.notify_all()


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    found = {}
    for file in folder.rglob("*"):
        try:
            about = file.stat()
        except OSError:
            continue  # editors replace files: it is gone, or about to come back
        if not file.name.startswith("."):
            found[str(file)] = about.st_mtime_ns, about.st_size
    return found
