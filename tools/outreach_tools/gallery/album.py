"""Writes the gallery: a picture for each message and view, and a page that shows them all."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from outreach_tools.gallery.camera import VIEWS, opened, screenshot
from outreach_tools.gallery.emails import GalleryEmail
from outreach_tools.gallery.picture import small_png

INDEX = "README.md"


def write_gallery(emails: Iterable[GalleryEmail], out: Path, browser_path: str) -> int:
    """Take every picture anew; returns the bytes of all together."""
    written = 0
    taken = tuple(emails)
    with opened(browser_path) as browser:
        for email in taken:
            for view in VIEWS:
                file = out / _file(email, view.name)
                file.parent.mkdir(parents=True, exist_ok=True)
                written += file.write_bytes(small_png(screenshot(browser, email.html, view)))
    (out / INDEX).write_text(index(taken), encoding="utf-8")
    return written


def index(emails: Iterable[GalleryEmail]) -> str:
    """The page, in Markdown."""
    lines = [
        "# Gallery",
        "",
        "Every shipped message as mail programs show it: on a desktop, on a phone, and in the dark.",
        "Made with `outreach templates gallery`; long messages end where the picture does.",
    ]
    for campaign, inside in groupby(emails, key=lambda email: email.campaign):
        lines += ["", f"## {campaign}", ""]
        lines += ["| message | desktop | phone | dark |", "|---|---|---|---|"]
        for email in inside:
            cells = [
                f"**{email.message}**<br>{_cell(email.subject)}",
                *(_picture(email, view.name) for view in VIEWS),
            ]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _picture(email: GalleryEmail, view: str) -> str:
    width = 180 if view == "mobile" else 260
    return f'<img src="{_file(email, view)}" alt="{email.message}, {view}" width="{width}">'


def _file(email: GalleryEmail, view: str) -> str:
    return f"{email.campaign}/{email.message}-{view}.png"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
