"""Randomness from a seed: what is random on AWS or in a handler is the same on every run with one seed."""

import hashlib
import os
import random
from uuid import UUID

from moto.moto_api._internal import mock_random

from local_cloud.patches import Patches


class Randomness:
    """Independent streams by name, so that one more draw here changes nothing there."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._streams: dict[str, random.Random] = {}
        self._work = 0
        self._drawn = 0
        self._global_state = random.getstate()
        self._moto_state = mock_random.getstate()

    def stream(self, name: str) -> random.Random:
        """The stream of draws that belongs to `name`."""
        if name not in self._streams:
            self._streams[name] = random.Random(f"{self._seed}:{name}")
        return self._streams[name]

    def uuid(self, name: str) -> str:
        """The next version-4 UUID of a stream."""
        return str(UUID(int=self.stream(name).getrandbits(128), version=4))

    def begin(self, work: int) -> None:
        """Reset the process-wide sources for one piece of work (one invocation).

        Imports draw random bytes too, and only the first run imports: without this the second run would
        differ.
        """
        self._work = work
        self._drawn = 0
        random.seed(self._seed * 1_000_003 + work)

    def _system(self, size: int) -> bytes:
        """Replaces `os.urandom`: a hash of the position, which is cheaper than a generator of its own."""
        found = b""
        while len(found) < size:
            self._drawn += 1
            found += hashlib.sha256(f"{self._seed}:{self._work}:{self._drawn}".encode()).digest()
        return found[:size]

    def install(self, patches: Patches) -> None:
        """Let `uuid4`, `secrets` and `os.urandom` draw from here until the patches are undone."""
        patches.replace(os, "urandom", self._system)
        patches.replace(random, "_urandom", self._system)
        mock_random.seed(f"{self._seed}:moto")
        self.begin(0)

    def restore(self) -> None:
        """Restore the global generators."""
        random.setstate(self._global_state)
        mock_random.setstate(self._moto_state)
