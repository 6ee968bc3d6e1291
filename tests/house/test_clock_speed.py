"""No test, and nothing that is tested, depends on how fast the machine is."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clock_speed import SPAN_CLOCKS, VARIABLE, at_speed

ROOT = Path(__file__).parents[2]
MEASURES_FOR_PEOPLE = {"tools/outreach_tools/demo/run.py"}
"""Files that report how long something took, and decide nothing by it."""
OF_THE_METER = "tests/templates/test_runaway_templates.py::test_a_runaway_in_a_text_part_is_stopped"
THE_CLOCK = "tests/adapters/test_system_clock.py"


def ticks(*instants: float) -> Iterator[float]:
    yield from instants


@pytest.mark.parametrize(("speed", "shown"), [(0.5, [1000.0, 1001.0, 1004.0]), (2, [1000.0, 1004.0, 1016.0])])
def test_a_clock_at_another_speed_goes_on_from_where_it_was(speed: float, shown: list[float]) -> None:
    instants = ticks(1000, 1000, 1002, 1008)

    clock = at_speed(lambda: next(instants), speed)

    assert [clock(), clock(), clock()] == shown


def test_nothing_decides_by_a_clock_of_the_processor() -> None:
    reads = re.compile(rf"\b(?:{'|'.join(SPAN_CLOCKS)})(?:_ns)?\b")
    files = (file for folder in ("functions", "tools", "tests") for file in (ROOT / folder).rglob("*.py"))
    found = {file.relative_to(ROOT).as_posix() for file in files if reads.search(file.read_text())}
    # The referee waits for other programs, which have no clock of ours; `make test` does not run it.
    found = {name for name in found if not name.startswith("tests/referee/")}

    assert found - {"tests/clock_speed.py"} == MEASURES_FOR_PEOPLE


@pytest.mark.parametrize("speed", ["0.5", "2"])
def test_the_meter_stops_the_same_templates_on_slow_and_fast_machines(speed: str) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", OF_THE_METER, THE_CLOCK]
    environment = {**os.environ, VARIABLE: speed}

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
