"""What a cold start costs, on the package that is deployed, built for this machine's architecture."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from lambda_package import zipped_size_of
from measurement import Measurement
from packages import cpu_milliseconds, cpu_seconds_in_turn, package

FUNCTIONS = Path(__file__).parents[1] / "functions"
HANDLERS = FUNCTIONS / "outreach" / "handlers"
BARE = "import boto3; boto3.client('dynamodb', region_name='us-east-1')"
WIRED = {
    "intake.take_in_event": "wiring.take_in_event()",
    "feedback.take_in_feedback": "wiring.take_in_feedback()",
    "journeys.advance_enrollment": "wiring.advance_enrollment()",
}
"""The functions with the largest imports, and what each builds before its first event."""
NO_REQUEST = """
from outreach.adapters.dynamodb.operations.table_format import DynamoTableFormat
DynamoTableFormat.require_known = DynamoTableFormat.record = lambda *_: None
"""
"""What each reads and writes of the table's format in its first event: there is no table here."""
ROUNDS = 9


def measure() -> Iterator[Measurement]:
    """Of alternating runs the lowest counts: other work on the machine only ever adds to a run."""
    with package(slimmed=True) as slim, package(slimmed=False) as whole:
        yield Measurement("build.zip_mb", zipped_size_of(slim) / 1e6, "MB", 16)
        yield Measurement("start.import_ratio", import_ratio(slim), "ratio", 1.3)
        ours, before = wired(slim, whole)
        yield Measurement("start.wired_cpu_ms", ours, "ms", 345)
        yield Measurement("start.wired_cpu_ratio_to_whole_package", ours / before, "ratio", 0.5)


def import_ratio(task: Path) -> float:
    """The worst handler: boto3, the client that it will build, and its import, beside the first two alone.

    Both are measured in one interpreter, and the median of nine ratios counts.
    """
    ratios: dict[str, list[float]] = {module_of(file): [] for file in HANDLERS.rglob("[!_]*.py")}
    for _ in range(ROUNDS):
        for name, of_handler in ratios.items():
            bare, imported = cpu_seconds_in_turn(task, BARE, f"import {name}")
            of_handler.append((bare + imported) / bare)
    return max(median(of_handler) for of_handler in ratios.values())


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(FUNCTIONS).with_suffix("").parts)


def wired(slim: Path, whole: Path) -> tuple[float, float]:
    """CPU milliseconds until the slowest function is ready for its first event: in both packages."""
    least = dict.fromkeys(((task, name) for task in (slim, whole) for name in WIRED), float("inf"))
    for _ in range(ROUNDS):
        for task, name in least:
            program = (
                f"import outreach.handlers.{name}\nfrom outreach import wiring\n{NO_REQUEST}\n{WIRED[name]}"
            )
            least[task, name] = min(least[task, name], cpu_milliseconds(task, program))
    return max(least[slim, name] for name in WIRED), max(least[whole, name] for name in WIRED)
