"""The sample people of a campaign, for previews, checks and tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from outreach.adapters.templates.yaml_file import read_mapping
from outreach.domain.sending.rendering import TemplateError

if TYPE_CHECKING:
    from outreach.adapters.templates.source_files import SourceFiles

FILE = "sample.yaml"


def read_samples(files: SourceFiles, campaign: str) -> Mapping[str, Mapping[str, Any]]:
    """The facts of each person in `sample.yaml`: the file's `defaults`, changed by the person's own facts.

    Raises TemplateError when the file is missing or has another form.
    """
    path = f"{campaign}/{FILE}"
    content = read_mapping(files, path)
    people, defaults = content.get("people"), content.get("defaults") or {}
    if not isinstance(people, Mapping) or not isinstance(defaults, Mapping):
        right = "write `defaults:` with facts, and `people:` with names and the facts that differ"
        raise TemplateError(right, file=path, line=1, column=1)
    return {name: _changed(defaults, own or {}) for name, own in people.items()}


def _changed(defaults: Mapping[str, Any], own: Mapping[str, Any]) -> Mapping[str, Any]:
    """`defaults` with `own` laid over it, mapping by mapping."""
    changed = dict(defaults)
    for name, value in own.items():
        default = changed.get(name)
        if isinstance(default, Mapping) and isinstance(value, Mapping):
            changed[name] = _changed(default, value)
        else:
            changed[name] = value
    return changed
