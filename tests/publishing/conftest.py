"""A marketer at work: a stack, a templates folder of their own, and the command."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_cloud import LocalCloud
from publishing.desk import PROJECT, Desk

ALLOWS = {"TestRecipients": "mia@shop.example, @agency.example"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    folder = tmp_path / "templates"
    shutil.copytree(PROJECT / "templates", folder)
    with LocalCloud(start="2026-03-02T09:00:00Z", project=PROJECT, parameters=ALLOWS) as cloud:
        yield Desk(cloud, folder)
