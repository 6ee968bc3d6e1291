"""A deployed stack with a shop on it: one for all tests of a module, or a fresh one."""

from collections.abc import Iterator

import pytest

from e2e.shop import PROJECT, START, Shop
from local_cloud import LocalCloud


@pytest.fixture(scope="module")
def parameters() -> dict[str, str]:
    """The stack's parameters; a module may have a fixture of its own instead."""
    return {}


@pytest.fixture(scope="module")
def shop(parameters: dict[str, str]) -> Iterator[Shop]:
    """Shared: tests use customers of their own, and count time from where they begin."""
    with LocalCloud(START, project=PROJECT, parameters=parameters) as cloud:
        yield Shop(cloud)


@pytest.fixture
def new_shop(parameters: dict[str, str]) -> Iterator[Shop]:
    """Without other tests' customers in it."""
    with LocalCloud(START, project=PROJECT, parameters=parameters) as cloud:
        yield Shop(cloud)
