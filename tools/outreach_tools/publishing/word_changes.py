"""How the files of two bundles differ, as a patch that people can read."""

from collections.abc import Iterator
from difflib import unified_diff

from outreach.adapters.bundles.bundle import Bundle

CONTEXT = 1
"""Lines shown around a change."""


def word_changes(old: Bundle, new: Bundle) -> Iterator[str]:
    """Line by line, as `diff -u` writes it; a file that is no text is only named."""
    for path in sorted(old.files.keys() | new.files.keys()):
        before, after = old.files.get(path, b""), new.files.get(path, b"")
        if before == after:
            continue
        old_name = path if path in old.files else "(not there)"
        new_name = path if path in new.files else "(taken away)"
        try:
            lines = before.decode().splitlines(), after.decode().splitlines()
        except UnicodeDecodeError:
            yield f"{path} changed, and is no text"
            continue
        yield from unified_diff(*lines, old_name, new_name, lineterm="", n=CONTEXT)
