"""All incidents are rehearsed by `python -m proof --part incidents`; at every run of the tests only some."""

import os

import pytest

from sampling import WHOLE

ALWAYS = frozenset({"test_ses_suspended", "test_malformed_events", "test_two_stacks", "test_pages"})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get(WHOLE):
        return
    here = [item for item in items if item.path.parent.name == "rehearsals" and item.path.stem not in ALWAYS]
    config.hook.pytest_deselected(items=here)
    items[:] = [item for item in items if item not in set(here)]
