"""A few points of the matrix at every run of the tests; `make proof` tries all of them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]


@pytest.mark.parametrize("part", ["while feedback flows", "while feedback is silent", "rivals of a sweep"])
def test_what_is_promised_holds_at_points_drawn_at_random(part: str) -> None:
    # A process of its own: the matrix forks, and that is no good to one that has threads.
    told = subprocess.run(
        [sys.executable, "-m", "proof", "--sample", "1", "--seed", "7", "--part", part],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == 0, told.stdout + told.stderr
    count = json.loads(told.stdout.splitlines()[-1])
    assert count.pop("points") > 0
    assert count == {"duplicates": 0, "lost": 0, "unknown_with_feedback": 0}
