"""Each stack's settings in samconfig.toml: a section by its name, as `sam --config-env` reads it."""

import shlex
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from outreach_tools.deployment.questions import REGION
from outreach_tools.places import search_path

FILE = "samconfig.toml"
_SHARED = "default"
"""The section that the SAM CLI reads when no other is named. Its settings begin each stack's section."""
_OVERRIDES = "parameter_overrides"


def kept_answers(text: str, stack: str) -> dict[str, str]:
    """The section of the stack; before there is one, the default section."""
    document = tomllib.loads(text)
    section = _section(document, stack) or _section(document, _SHARED)
    region = section.get("region")
    return _overrides(section) | ({REGION: str(region)} if region else {})


def with_answers(text: str, stack: str, answers: Mapping[str, str]) -> str:
    """The file with a stack's answers in its section; comments and other sections stay as they are."""
    import tomlkit  # noqa: PLC0415 - only a deployment writes

    document = tomlkit.parse(text)
    section: Any = document
    for part in (stack, "deploy", "parameters"):
        if part not in section:
            section[part] = tomlkit.table(is_super_table=part != "parameters")
        section = section[part]
    for name, value in _section(tomllib.loads(text), _SHARED).items():
        if name not in section and name != _OVERRIDES:
            section[name] = value
    section["stack_name"] = stack
    if region := answers.get(REGION):
        section["region"] = region
    parameters = {name: value for name, value in answers.items() if name != REGION}
    # The form that `sam deploy --guided` writes.
    section[_OVERRIDES] = " ".join(f'{name}="{value}"' for name, value in parameters.items())
    return tomlkit.dumps(document)


def kept_region(stack: str) -> str | None:
    """The Region that the nearest samconfig.toml keeps for this stack; None when it keeps none."""
    for text in _nearest():
        try:
            region = _section(tomllib.loads(text), stack).get("region")
        except tomllib.TOMLDecodeError:
            return None
        return str(region) if region else None
    return None


def _nearest() -> Iterator[str]:
    for folder in search_path():
        if (folder / FILE).is_file():
            yield (folder / FILE).read_text("utf-8")


def _section(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    found: Any = document
    for part in (name, "deploy", "parameters"):
        found = found.get(part, {}) if isinstance(found, dict) else {}
    return found if isinstance(found, dict) else {}


def _overrides(section: Mapping[str, Any]) -> dict[str, str]:
    """As the SAM CLI reads them: a text or a list of `Name=value`, or a table."""
    found = section.get(_OVERRIDES)
    if isinstance(found, dict):
        return {str(name): str(value) for name, value in found.items()}
    pairs = shlex.split(found) if isinstance(found, str) else found if isinstance(found, list) else []
    return {name: value.strip('"') for name, _, value in (str(pair).partition("=") for pair in pairs)}
