"""Turns what pydantic finds into our own terms: where, what, and what would be right; never the value."""

from __future__ import annotations

from dataclasses import dataclass
from re import findall
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from outreach.adapters.validation.suggest import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

type Path = tuple[str | int, ...]

_MUST_BE = {
    "string_type": "must be text (in quotes, where it looks like a number or a yes or no)",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "none_required": "takes no value",
    "list_type": "must be a list",
    "dict_type": "must be a mapping of names to values",
    "model_type": "must be a mapping of names to values",
    "model_attributes_type": "must be a mapping of names to values",
}


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """One thing that pydantic found wrong."""

    path: Path
    what: str


def findings(
    error: ValidationError, model: type[BaseModel], words: Mapping[str, str]
) -> Iterator[ClaimVerdict]:
    """Every error of a validation against `model`. `words` explains a pattern in plain language."""
    for found in error.errors(include_url=False):
        path = _without_tags(found["loc"])
        if found["type"] == "extra_forbidden":
            # Its last part is a name from the file, whatever it looks like.
            path = (*_without_tags(found["loc"][:-1]), found["loc"][-1])
        yield ClaimVerdict(path, _what(found, path, model, words))


def tag(name: str) -> str:
    """The name of a union's member, marked so that it is not shown as a part of the path."""
    return f"<{name}>"


def known_names(model: type[BaseModel], path: Path) -> frozenset[str]:
    """The keys that may stand at a path inside a model."""
    models = {model}
    for part in path:
        if isinstance(part, str):
            fields = [
                field
                for each in models
                for name, field in each.model_fields.items()
                if part == (field.alias or name)
            ]
            if fields:  # else the part is a key of a mapping, whose values are these models
                models = {inner for field in fields for inner in _models_in(field.annotation)}
    return frozenset(field.alias or name for each in models for name, field in each.model_fields.items())


def _what(found: Any, path: Path, model: type[BaseModel], words: Mapping[str, str]) -> str:
    kind, context = found["type"], found.get("ctx", {})
    match kind:
        case "missing":
            return f"is missing: {_description(model, path)}"
        case "extra_forbidden":
            return f"is not known here; {did_you_mean(str(path[-1]), known_names(model, path[:-1]))}"
        case "enum" | "literal_error":
            expected = findall(r"'([^']+)'", str(context["expected"]))
            given = found["input"] if isinstance(found["input"], str) else ""
            return f"must be one of {', '.join(expected)}; {did_you_mean(given, expected)}"
        case "string_pattern_mismatch":
            return words.get(context["pattern"], "has the wrong form")
        case "value_error":
            return str(context["error"])
    return _MUST_BE.get(kind) or _beyond_a_limit(kind, context) or found["msg"]


def _beyond_a_limit(kind: str, context: Mapping[str, Any]) -> str | None:
    match kind:
        case "string_too_short" | "too_short":
            least = context["min_length"]
            return "must not be empty" if least == 1 else f"needs {least} at least"
        case "string_too_long":
            return f"is too long: {context['max_length']} characters at most"
        case "too_long":
            return f"has too many entries: {context['max_length']} at most"
        case "greater_than_equal":
            return f"must be {context['ge']} or more"
        case "less_than_equal":
            return f"must be {context['le']} or less"
    return None


def _description(model: type[BaseModel], path: Path) -> str:
    """What the missing field is for, in the words of the model itself."""
    models = {model}
    for place, part in enumerate(path):
        if not isinstance(part, str):
            continue
        fields = [f for each in models for name, f in each.model_fields.items() if part == (f.alias or name)]
        if place == len(path) - 1:
            return next((f.description for f in fields if f.description), "it is required")
        if fields:  # else the part is a key of a mapping, whose values are these models
            models = {inner for f in fields for inner in _models_in(f.annotation)}
    return "it is required"


def _without_tags(location: tuple[str | int, ...]) -> Path:
    return tuple(part for part in location if isinstance(part, int) or not part.startswith("<"))


def _models_in(annotation: Any) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {model for part in get_args(annotation) for model in _models_in(part)}
