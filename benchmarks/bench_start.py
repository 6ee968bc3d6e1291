"""What importing a handler costs, beside importing boto3 and making one client, in the same run."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from measurement import Measurement

HANDLERS = Path(__file__).parents[1] / "functions" / "outreach" / "handlers"
BARE = "import boto3; boto3.client('dynamodb', region_name='us-east-1')"
ROUNDS = 5


def measure() -> Iterator[Measurement]:
    """The worst handler counts: the import of its module, and boto3 with the client that it will make."""
    names = [file.stem for file in sorted(HANDLERS.glob("[!_]*.py"))]
    bare = median(cpu_seconds(BARE) for _ in range(ROUNDS))
    worst = max(
        median(cpu_seconds(f"{BARE}; import outreach.handlers.{name}") for _ in range(ROUNDS))
        for name in names
    )
    yield Measurement("start.import_ratio", worst / bare, "ratio", 1.3)


def cpu_seconds(program: str) -> float:
    """CPU of a fresh interpreter that runs the program, less that of one that runs nothing."""
    return cpu_of(program) - cpu_of("pass")


def cpu_of(program: str) -> float:
    timed = f"{program}\nimport time; print(time.process_time())"
    done = subprocess.run([sys.executable, "-c", timed], capture_output=True, text=True, check=True)  # noqa: S603
    return float(done.stdout.split()[-1])
