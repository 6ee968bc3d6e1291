"""E-mail templates: MJML with Jinja, compiled once, rendered in a sandbox for each customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.templates.bundle import TemplateBundle
from outreach.adapters.templates.source_files import FolderFiles

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["TemplateBundle", "TemplateFolder"]


class TemplateFolder(TemplateBundle):
    """The templates below a folder on disk; reads nothing before a message is requested."""

    def __init__(self, root: Path) -> None:
        super().__init__(FolderFiles(root))
