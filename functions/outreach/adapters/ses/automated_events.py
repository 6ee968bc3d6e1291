"""Whether SES marks an open or a click as a machine's: a scanner, a prefetcher, a privacy proxy.

SES has marked them since August 2026. Its documentation calls them automated; the name of the field was not
public when this was written, so any field with such a name counts.
"""

from collections.abc import Mapping

_NAMES = ("bot", "machine", "automat")
_YES = frozenset({"true", "yes", "bot", "machine", "automated"})


def is_machine(block: Mapping[str, object]) -> bool:
    """True only when SES says so. Without a mark it counts as a person's."""
    return any(
        _says_yes(value) for name, value in block.items() if any(word in name.lower() for word in _NAMES)
    )


def _says_yes(value: object) -> bool:
    if isinstance(value, Mapping):
        return is_machine(value)
    return value is True or (isinstance(value, str) and value.lower() in _YES)
