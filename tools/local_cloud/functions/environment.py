"""Exchanges the whole environment at once.

`os.environ` passes every single variable to the C library, which costs more than a small handler. Python code
reads its dictionary only, so exchanging that is enough; the time zone, which C reads, is the clock's.
"""

import os
from collections.abc import Mapping
from typing import Any

from local_cloud.patches import PatchBrokenError

type Encoded = dict[Any, Any]
_inside: Any = os.environ


def encoded(variables: Mapping[str, str]) -> Encoded:
    """Variables in the form in which `os.environ` stores them."""
    return {_inside.encodekey(name): _inside.encodevalue(value) for name, value in variables.items()}


def swap_environment(variables: Encoded) -> Encoded:
    """Install other variables and return those that were there."""
    before = vars(_inside).get("_data")
    if not isinstance(before, dict):
        raise PatchBrokenError("os.environ keeps its variables in another way than Python 3.13 does")
    _inside._data = variables  # noqa: SLF001 - there is no public way to exchange all at once
    return before
