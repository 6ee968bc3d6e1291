"""Measure everything the documents give a figure for. `make bench`, or `python benchmarks NAME ...`.

Prints one JSON object a line and exits 0: developers judge a missed figure, on a machine whose noise they
know.
"""

import importlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def main(chosen: list[str]) -> None:
    """Run every `bench_*.py`, or those whose name holds one of the arguments."""
    for file in sorted(Path(__file__).parent.glob("bench_*.py")):
        if chosen and not any(word in file.stem for word in chosen):
            continue
        for measurement in importlib.import_module(file.stem).measure():
            print(measurement.line(), flush=True)


main(sys.argv[1:])
