"""Points of a matrix: all of them in `make proof`, a part in `make test`."""

import os
from collections.abc import Sequence
from zlib import crc32

WHOLE = "OUTREACH_WHOLE"
"""Environment variable that `make proof` sets."""
_ONE_IN = 8


def sampled[Point](points: Sequence[Point], name: str) -> Sequence[Point]:
    """One point in eight, from a start that differs by name; so several tests together try most points."""
    assert points
    if os.environ.get(WHOLE):
        return points
    return points[crc32(name.encode()) % min(_ONE_IN, len(points)) :: _ONE_IN]
