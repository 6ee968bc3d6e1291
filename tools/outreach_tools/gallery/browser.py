"""Finds a Chromium on this machine; nothing is downloaded."""

from shutil import which

from outreach.domain.errors import OutreachError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")


class NoBrowserError(OutreachError):
    """There is no Chromium on this machine."""


def find_browser(given: str | None = None) -> str:
    """The path of a browser: the named one, else the first that is installed.

    Raises NoBrowserError.
    """
    for name in (given,) if given else NAMES:
        if path := which(name):
            return path
    raise NoBrowserError(f"no {given or 'Chromium'} on this machine; install one, or name it with --browser")
