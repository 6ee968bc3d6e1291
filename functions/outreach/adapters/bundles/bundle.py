"""A bundle: every file of a campaign, as one object named by the hash of its content."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from outreach.adapters.campaign_files.deployed_campaigns import CAMPAIGN_FILE, version_of
from outreach.adapters.campaign_files.facts.facts_file import FACTS_FILE, with_facts
from outreach.domain.errors import OutreachError

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST = 5 * 1024 * 1024
"""Bytes of all files together; more is no campaign, and would not fit into a function's memory beside others.
"""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP file can hold: the same files give the same bytes, whenever they were saved.
"""


class BrokenBundleError(OutreachError):
    """The stored object does not match its name: it is cut off, changed, or no bundle at all."""


@dataclass(frozen=True)
class Bundle:
    """The files of one campaign, with the shared parts, the brand and the declared facts.

    Paths are as in a templates folder.
    """

    campaign: str
    files: Mapping[str, bytes]

    @cached_property
    def version(self) -> str:
        """The hash of names and contents, independent of the packing."""
        whole = sha256()
        for path, content in sorted(self.files.items()):
            whole.update(f"{path}\0{len(content)}\0".encode() + sha256(content).digest())
        return whole.hexdigest()

    @property
    def steps(self) -> str:
        """The text of its campaign file, with the declared facts below it.

        Raises BrokenBundleError when it has none.
        """
        facts = self.files.get(FACTS_FILE)
        try:
            text = self.files[f"{self.campaign}/{CAMPAIGN_FILE}"].decode()
            facts_text = None if facts is None else facts.decode("utf-8-sig")
        except (KeyError, UnicodeDecodeError):
            raise BrokenBundleError(
                f"a bundle of {self.campaign} without a {CAMPAIGN_FILE} in UTF-8"
            ) from None
        return with_facts(text.replace("\r\n", "\n"), facts_text)

    @property
    def steps_version(self) -> str:
        """What enrollments are pinned to: it changes with steps and declared facts only."""
        return version_of(self.steps)

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(map(len, self.files.values()))


def pack(bundle: Bundle) -> bytes:
    """As a ZIP file, which any tool can open."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(bundle.files.items()):
            archive.writestr(zipfile.ZipInfo(path, _LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def unpack(campaign: str, version: str, packed: bytes) -> Bundle:
    """Undo `pack`. Raises BrokenBundleError unless the files are those that `version` was made of."""
    try:
        files = _files(packed)
    except Exception:  # noqa: BLE001 - a reader of ZIP files raises a dozen kinds of errors on broken ones
        raise BrokenBundleError(f"bundle {campaign} {version[:12]} is not a whole ZIP file") from None
    if files is None:
        raise BrokenBundleError(f"bundle {campaign} {version[:12]} unpacks to more than {LARGEST} bytes")
    bundle = Bundle(campaign, files)
    if bundle.version != version:
        raise BrokenBundleError(f"bundle {campaign} {version[:12]} does not hold what its name says")
    return bundle


def _files(packed: bytes) -> dict[str, bytes] | None:
    """None for more than fits into memory."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > LARGEST:
            return None
        return {entry.filename: archive.read(entry) for entry in entries}
