"""Where templates come from: a mapping of paths to bytes, such as a folder, a bundle or a dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.adapters.templates.contained import LEADS_OUTSIDE, is_contained
from outreach.domain.sending.rendering import TemplateError

if TYPE_CHECKING:
    from pathlib import Path

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)


class FolderFiles(Mapping[str, bytes]):
    """The files below a folder, by their path with forward slashes, read on request."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def __getitem__(self, path: str) -> bytes:
        """Raises KeyError if there is none, TemplateError for a link that leads out of the folder."""
        if ".." in path.split("/") or path.startswith("/"):
            raise KeyError(path)
        try:
            content = (self._root / path).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise KeyError(path) from None
        if not is_contained(self._root, self._root / path):
            raise TemplateError(LEADS_OUTSIDE, file=path)
        return content

    def __iter__(self) -> Iterator[str]:
        for path in sorted(self._root.rglob("*")):
            if path.is_file():
                yield path.relative_to(self._root).as_posix()

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """The files of a bundle, as text and by language."""

    files: Mapping[str, bytes]

    def text(self, path: str) -> str:
        """The text of a file. Raises KeyError if there is none, TemplateError if it is not UTF-8."""
        try:
            return self.files[path].decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = self.files[path][: error.start].count(b"\n") + 1
            raise TemplateError(
                "this file is not UTF-8: save it as UTF-8", file=path, line=line, column=1
            ) from None

    def in_language(self, stem: str, suffix: str, locale: str) -> str:
        """The path that fits best: for fr-CA, `stem.fr-CA`, else `stem.fr`, else `stem`, else KeyError."""
        for language in (*languages(locale), ""):
            path = f"{stem}.{language}.{suffix}" if language else f"{stem}.{suffix}"
            if path in self.files:
                return path
        raise KeyError(f"{stem}.{suffix}")

    def names(self, folder: str, suffix: str) -> tuple[str, ...]:
        """The names of a folder's files with that suffix, without suffix and language, sorted."""
        prefix, end = f"{folder}/", f".{suffix}"
        inside = (p.removeprefix(prefix) for p in self.files if p.startswith(prefix) and p.endswith(end))
        return tuple(sorted({name.split(".", 1)[0] for name in inside if "/" not in name}))


def languages(locale: str | None) -> tuple[str, ...]:
    """A locale and its fallbacks: `fr_CA` gives `fr-CA`, `fr`. An invalid locale gives nothing."""
    tag = (locale or "").replace("_", "-")
    if not _LANGUAGE.fullmatch(tag):
        return ()
    parts = tag.split("-")
    regions = [parts[0].lower(), *(part.upper() if len(part) == 2 else part for part in parts[1:])]  # noqa: PLR2004 - a region has two letters
    return tuple("-".join(regions[:count]) for count in range(len(regions), 0, -1))
