"""Files of a folder, without the targets of symbolic links that lead out of it.

Otherwise an author of templates could put any file of the machine that reads them into a message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LEADS_OUTSIDE = (
    "this is a symbolic link that leads out of the templates folder: put the file itself in its place"
)


def is_contained(root: Path, path: Path) -> bool:
    """Whether the path leads to something below the root, through whatever links."""
    return path.resolve().is_relative_to(root.resolve())
