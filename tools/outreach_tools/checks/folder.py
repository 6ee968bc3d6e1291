"""A templates folder on disk, as the files of a bundle."""

from collections.abc import Collection, Iterator
from pathlib import Path

from outreach.adapters.campaign_files.facts.facts_file import FACTS_FILE
from outreach.adapters.templates.constants import BRAND
from outreach.adapters.templates.contained import is_contained
from outreach.adapters.templates.markup.part_templates import FOLDER
from outreach_tools.checks.campaign_check import CAMPAIGN_FILE

LARGEST_FILE = 1_000_000
"""Bytes. What is larger is no template, and is not read."""


class FolderContent(dict[str, bytes]):
    """What was read, by paths below the folder."""

    def __init__(self) -> None:
        super().__init__()
        self.outside: list[str] = []
        """Symbolic links that lead out of the folder. They were not read."""


def read_files(root: Path, only: Collection[str] = ()) -> FolderContent:
    """The brand, the declared facts, the shared parts and the campaigns, by paths below the folder.

    `only` names the campaigns to read; without it, all are read. Files that editors and systems leave behind
    are left out, and so is every folder that is no campaign.
    """
    found = FolderContent()
    for path in _paths(root, only):
        name = path.relative_to(root)
        if any(part.startswith(".") or part.endswith("~") for part in name.parts):
            continue
        try:
            if not is_contained(root, path):
                found.outside.append(name.as_posix())
            elif path.is_file() and path.stat().st_size <= LARGEST_FILE:
                found[name.as_posix()] = path.read_bytes()
        except FileNotFoundError:
            continue  # an editor just moved it; the next run finds it
    return found


def _paths(root: Path, only: Collection[str]) -> Iterator[Path]:
    yield root / BRAND
    yield root / FACTS_FILE
    yield from sorted((root / FOLDER).rglob("*"))
    for file in sorted(root.glob(f"[!_.]*/{CAMPAIGN_FILE}")):
        if not only or file.parent.name in only:
            yield from sorted(file.parent.rglob("*"))
