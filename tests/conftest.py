"""For every test: a region, fake credentials, and time.

Hypothesis may take its time on a busy machine: no test is about speed.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from clock_speed import run_clocks_at_the_speed_asked_for

run_clocks_at_the_speed_asked_for()

os.environ.update(
    AWS_DEFAULT_REGION="us-east-1",
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    POWERTOOLS_TRACE_DISABLED="1",
)
os.environ.pop("AWS_PROFILE", None)

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

SLOWEST_FIRST = ("proof", "deployment", "docs", "upgrade", "e2e", "demo", "preview", "cli")
"""Folders whose files take longest: at the end of a run they would keep one process waiting for another."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order files by folder; the order within a file stays."""
    here = Path(__file__).parent

    def rank(item: pytest.Item) -> int:
        folder = item.path.relative_to(here).parts[0]
        return SLOWEST_FIRST.index(folder) if folder in SLOWEST_FIRST else len(SLOWEST_FIRST)

    items.sort(key=rank)
