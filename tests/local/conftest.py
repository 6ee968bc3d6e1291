"""The sample application, up and running, for the tests of the local cloud."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local_cloud import LocalCloud

SAMPLE = Path(__file__).parent / "sample_app"


@pytest.fixture
def sample() -> Path:
    return SAMPLE


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(project=SAMPLE) as running:
        yield running
