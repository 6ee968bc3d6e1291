"""Writes the gallery: a picture for each message and view, and a page that shows them all."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from outreach_tools.gallery.camera import VIEWS, opened, screenshot
from outreach_tools.gallery.letters import Letter
from outreach_tools.gallery.picture import small_png

INDEX = "README.md"


def write_gallery(letters: Iterable[Letter], out: Path, browser_path: str) -> int:
    """Take every picture anew; the bytes that all of them have together."""
    written = 0
    taken = tuple(letters)
    with opened(browser_path) as browser:
        for letter in taken:
            for view in VIEWS:
                file = out / _file(letter, view.name)
                file.parent.mkdir(parents=True, exist_ok=True)
                written += file.write_bytes(small_png(screenshot(browser, letter.html, view)))
    (out / INDEX).write_text(index(taken), encoding="utf-8")
    return written


def index(letters: Iterable[Letter]) -> str:
    """The page, in Markdown."""
    lines = [
        "# Gallery",
        "",
        "Every shipped message as mail programs show it: on a desktop, on a phone, and in the dark.",
        "Made with `outreach templates gallery`; long letters end where the picture does.",
    ]
    for campaign, inside in groupby(letters, key=lambda letter: letter.campaign):
        lines += ["", f"## {campaign}", ""]
        lines += ["| message | desktop | phone | dark |", "|---|---|---|---|"]
        for letter in inside:
            cells = [
                f"**{letter.message}**<br>{_cell(letter.subject)}",
                *(_picture(letter, view.name) for view in VIEWS),
            ]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _picture(letter: Letter, view: str) -> str:
    width = 180 if view == "mobile" else 260
    return f'<img src="{_file(letter, view)}" alt="{letter.message}, {view}" width="{width}">'


def _file(letter: Letter, view: str) -> str:
    return f"{letter.campaign}/{letter.message}-{view}.png"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
