"""Randomness from a seed: what is random on AWS or in a handler is the same on every run with one seed."""

import os
import random
from typing import TYPE_CHECKING
from uuid import UUID

from moto.moto_api._internal import mock_random

from outreach_tools.local.patches import Patches

if TYPE_CHECKING:
    from collections.abc import Callable


class Randomness:
    """Independent streams by name, so that one more draw here changes nothing there."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._streams: dict[str, random.Random] = {}
        self._system = random.Random(f"{seed}:system")  # noqa: S311 - repeatable on purpose
        self._global_state = random.getstate()
        self._moto_state = mock_random.getstate()

    def stream(self, name: str) -> random.Random:
        """The stream of draws that belongs to `name`."""
        if name not in self._streams:
            self._streams[name] = random.Random(f"{self._seed}:{name}")  # noqa: S311 - repeatable on purpose
        return self._streams[name]

    def uuid(self, name: str) -> str:
        """The next version-4 UUID of a stream."""
        return str(UUID(int=self.stream(name).getrandbits(128), version=4))

    def begin(self, what: str) -> None:
        """Start the process-wide sources afresh for one piece of work (one invocation).

        Imports draw random bytes too, and only the first run imports: without this the second run would
        differ.
        """
        random.seed(f"{self._seed}:{what}:global")
        self._system.seed(f"{self._seed}:{what}:system")

    def install(self, patches: Patches) -> None:
        """Let `uuid4`, `secrets` and `os.urandom` draw from here until the patches are undone."""
        draw: Callable[[int], bytes] = self._system.randbytes
        patches.replace(os, "urandom", draw)
        patches.replace(random, "_urandom", draw)
        mock_random.seed(f"{self._seed}:moto")
        self.begin("start")

    def restore(self) -> None:
        """Put the global generators back where they stood."""
        random.setstate(self._global_state)
        mock_random.setstate(self._moto_state)
