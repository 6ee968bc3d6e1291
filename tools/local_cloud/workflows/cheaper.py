"""moto's interpreter made cheaper: JSON paths are parsed once, states are copied as the JSON they are."""

import copy
import functools
from typing import Any

from jsonpath_ng.ext.parser import parse
from moto.stepfunctions.parser.asl.eval import environment as environment_module
from moto.stepfunctions.parser.asl.eval import states as states_module
from moto.stepfunctions.parser.asl.utils import json_path as path_module

from local_cloud.patches import Patches

_parse = functools.lru_cache(maxsize=1024)(parse)


def _copied(value: Any) -> Any:
    kind = type(value)
    if kind is dict:
        return {key: _copied(inner) for key, inner in value.items()}
    if kind is list:
        return [_copied(inner) for inner in value]
    if value is None or kind in {str, int, float, bool}:
        return value
    return copy.deepcopy(value)


class _JsonCopies:
    """Replaces the `copy` module where JSON is copied."""

    def __getattr__(self, name: str) -> Any:
        return getattr(copy, name)

    def deepcopy(self, value: Any, _memo: Any = None) -> Any:
        return _copied(value)


def make_interpreter_cheap(patches: Patches) -> None:
    """Install the replacements."""
    patches.replace(path_module, "parse", _parse)
    for module in (states_module, environment_module):
        patches.replace(module, "copy", _JsonCopies())
