"""A running preview, and a browser to look at it with."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from outreach_tools.checks import Checker
from outreach_tools.preview.folder_catalogue import FolderCatalogue
from outreach_tools.preview.server import PreviewServer
from outreach_tools.preview.watch import WatchedFolder
from preview.desk import PROJECT, Desk

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A templates folder of its own, shown by a server."""
    folder = tmp_path / "templates"
    shutil.copytree(PROJECT / "templates", folder)
    checker = Checker()
    watched = WatchedFolder(folder, lambda now: FolderCatalogue(now, checker))
    server = PreviewServer(watched, 0)
    watched.start()
    serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    yield Desk(folder, server.address)
    watched.stop()
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Closed with its module: while it is open, no other test of the process can open a browser."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on the path: CI installs it (see .ci/run)")
        pytest.skip("no Chromium on the path; on Debian: apt-get install chromium")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=as_root)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Any error in a page fails its test."""
    opened = chromium.new_page(viewport={"width": 1440, "height": 900}, color_scheme="light")
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    # Pictures that a view leaves out are reported as errors, too.
    yield opened
    opened.close()
    assert [each for each in wrong if "\"img-src 'none'\"" not in each] == []
