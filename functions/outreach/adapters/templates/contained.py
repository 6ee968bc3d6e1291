"""Files of a folder, and not what a symbolic link in it leads to elsewhere.

Whoever may change a folder of templates could else put any file of the machine that reads it into a message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LEADS_OUTSIDE = (
    "this is a symbolic link that leads out of the templates folder: put the file itself in its place"
)


def is_contained(root: Path, path: Path) -> bool:
    """Whether the path leads to something below the root, whatever links there are on the way."""
    return path.resolve().is_relative_to(root.resolve())
