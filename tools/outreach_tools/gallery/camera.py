"""Takes the pictures in a headless Chromium without a network."""

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@dataclass(frozen=True, slots=True)
class View:
    """A way to look at a message; the width is in CSS pixels."""

    name: str
    width: int
    scheme: Literal["light", "dark"]


VIEWS = (View("desktop", 680, "light"), View("mobile", 375, "light"), View("dark", 680, "dark"))


@contextmanager
def opened(path: str) -> "Iterator[Browser]":
    """The browser, for as long as the block runs."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow to import

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        try:
            yield browser
        finally:
            browser.close()


def screenshot(browser: "Browser", html: str, view: View) -> bytes:
    """The whole message as a PNG."""
    context = browser.new_context(
        viewport={"width": view.width, "height": 400}, color_scheme=view.scheme, java_script_enabled=False
    )
    try:
        context.route("**/*", lambda route: route.abort())
        page = context.new_page()
        page.set_content(html, wait_until="load")
        return page.screenshot(full_page=True, animations="disabled")
    finally:
        context.close()
