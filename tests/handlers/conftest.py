"""A deployed stack whose functions are called one by one; each test has its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.functions import Functions
from local_cloud import LocalCloud

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def functions() -> Iterator[Functions]:
    with LocalCloud(start="2026-03-02T09:00:00Z", project=PROJECT) as cloud:
        yield Functions(cloud)
