"""The release of this command, and whether it can read a stack's rows."""

from collections.abc import Mapping
from importlib.metadata import version

from outreach.adapters.dynamodb.operations.table_format import FIRST_FORMAT, FORMAT

FIRST_RELEASE = "0.1.0"
"""Its stacks have no output about it."""


def this_release() -> str:
    """As pyproject.toml says it; `tools/bootstrap.py` installs anew when that file changes."""
    return version("outreach")


def release_of(outputs: Mapping[str, str]) -> str:
    """The release that a stack runs, by its outputs."""
    return outputs.get("Version", FIRST_RELEASE)


def format_of(outputs: Mapping[str, str]) -> int:
    """The newest format of rows that the functions of a stack write, by its outputs."""
    return int(outputs.get("TableFormat", FIRST_FORMAT))


def is_too_new(outputs: Mapping[str, str]) -> bool:
    """Whether this release would misread the rows of the stack."""
    return format_of(outputs) > FORMAT
