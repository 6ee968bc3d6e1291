"""Reads YAML into plain values and remembers the place of each, without the traps of YAML 1.1.

Plain scalars follow YAML 1.2: `on`, `yes` and `08:00` are text, as their author meant them, and a number that
begins with a zero stays text too, so that a coupon code is never a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

from outreach.adapters.validation.yaml_problems import unprintable_at, yaml_hint

if TYPE_CHECKING:
    from collections.abc import Mapping

type Path = tuple[str | int, ...]
type Place = tuple[int, int]
"""Line and column, both counted from 1."""

BEGINNING: Place = (1, 1)
LONGEST_TEXT = 100_000
"""Characters. A campaign is read by people; what is longer is not a campaign file."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser is several times faster; the Python one explains better what is wrong."""
_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "seq", "map")
)
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}")
_WORDS: Mapping[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slip:
    """Something wrong in the YAML itself."""

    place: Place
    what: str


@dataclass(frozen=True, slots=True)
class Document:
    """The values of a file, and the place at which each stands."""

    data: object
    places: Mapping[Path, Place]
    slips: tuple[Slip, ...] = ()

    def place_of(self, path: Path) -> Place:
        """The place of a value, or of the nearest thing around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.places:
                return self.places[path[:length]]
        return BEGINNING


@dataclass(slots=True)
class _Reading:
    places: dict[Path, Place] = field(default_factory=dict)
    slips: list[Slip] = field(default_factory=list)
    visited: set[int] = field(default_factory=set)

    def value(self, node: yaml.Node, path: Path) -> object:
        place = _place(node.start_mark)
        self.places.setdefault(path, place)
        if id(node) in self.visited:
            self.slips.append(Slip(place, "an alias (`*name`) is not supported; write it out a second time"))
            return None
        self.visited.add(id(node))
        if node.tag not in _TAGS:
            self.slips.append(Slip(place, "a tag (`!name`) is not supported; quote values that begin with !"))
            return None
        match node:
            case yaml.ScalarNode():
                return node.value if node.style else _plain(node.value)
            case yaml.SequenceNode():
                return [self.value(each, (*path, index)) for index, each in enumerate(node.value)]
            case yaml.MappingNode():
                return self._mapping(node, path)
        raise TypeError(f"YAML has no {type(node).__name__}")

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        values: dict[str, object] = {}
        for key, inner in node.value:
            place = _place(key.start_mark)
            if not isinstance(key, yaml.ScalarNode):
                self.slips.append(Slip(place, "a name must be one word; quote values that begin with { or ["))
            elif key.value in values:
                first, _ = self.places[*path, key.value]
                self.slips.append(
                    Slip(place, f"`{key.value}` stands here a second time (first on line {first})")
                )
            else:
                self.places[*path, key.value] = place
                values[key.value] = self.value(inner, (*path, key.value))
        return values


def read_yaml(text: str) -> Document:
    """The document; when `slips` is not empty, its data must not be used."""
    if len(text) > LONGEST_TEXT:
        return Document(
            None, {}, (Slip(BEGINNING, f"is longer than {LONGEST_TEXT:,} characters: not a campaign file"),)
        )
    try:
        node = _composed(text)
        reading = _Reading()
        data = None if node is None else reading.value(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return Document(None, {}, (Slip(BEGINNING if mark is None else _place(mark), _explained(error)),))
    except yaml.YAMLError:
        return Document(
            None,
            {},
            (Slip(unprintable_at(text), "holds characters that YAML does not allow; save it as UTF-8 text"),),
        )
    except RecursionError:
        return Document(None, {}, (Slip(BEGINNING, "is nested too deeply: not a campaign file"),))
    return Document(data, reading.places, tuple(reading.slips))


def _place(mark: yaml.Mark) -> Place:
    return mark.line + 1, mark.column + 1


def _composed(text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError:
        return yaml.compose(text, Loader=yaml.SafeLoader)


def _plain(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def _explained(error: yaml.MarkedYAMLError) -> str:
    return f"is not valid YAML: {yaml_hint(error)}"
