"""Whether a message costs the same however many are due, and however large the table is."""

import os
from collections.abc import Iterator

from measurement import Measurement
from sweeping import sweep

FEW, MANY = 1_000, int(os.environ.get("OUTREACH_BENCH_MANY", "100000"))


def measure() -> Iterator[Measurement]:
    """CPU, and rows read, per message; the small run comes before and after the large one."""
    small, large, small_again = sweep(FEW), sweep(MANY), sweep(FEW)
    base = (small.cpu_per_mail + small_again.cpu_per_mail) / 2
    yield Measurement("scale.cpu_growth_1k_100k", large.cpu_per_mail / base, "ratio", 1.15)
