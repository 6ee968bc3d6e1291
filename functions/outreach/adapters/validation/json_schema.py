"""Makes the JSON Schema of a pydantic model fit for editors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(model: type[BaseModel], title: str, *, without_null: bool) -> dict[str, Any]:
    """The schema of a valid file. `without_null`: an optional field is left out, never set to null."""
    schema = model.model_json_schema(by_alias=True)
    shown = {"$schema": _DIALECT} | schema | {"title": title}
    return {name: _tidy(part, without_null=without_null) for name, part in shown.items()}


def _tidy(part: Any, *, without_null: bool) -> Any:
    if isinstance(part, list):
        return [_tidy(each, without_null=without_null) for each in part]
    if not isinstance(part, dict):
        return part
    tidied = {name: _tidy(each, without_null=without_null) for name, each in part.items()}
    if (
        isinstance(tidied.get("title"), str)
        and ("type" in tidied or "anyOf" in tidied)
        and "properties" not in tidied
    ):
        del tidied["title"]  # pydantic repeats the field's own name there
    if tidied.get("default", ...) is None:
        del tidied["default"]
    choices = tidied.get("anyOf")
    if without_null and isinstance(choices, list) and {"type": "null"} in choices:
        left = [each for each in choices if each != {"type": "null"}]
        del tidied["anyOf"]
        tidied |= {"anyOf": left} if len(left) > 1 else {**left[0], **tidied}
    return tidied
