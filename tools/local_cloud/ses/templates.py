"""Inline and stored templates as SES fills them: simple substitutions, and nothing is escaped for HTML."""

import json
import re
from collections.abc import Mapping
from typing import Any

from local_cloud.ses.validation import MAXIMUM_INLINE_TEMPLATE, MAXIMUM_TEMPLATE_DATA, bad_request

_PLACE = re.compile(r"\{\{\{\s*([\w.]+)\s*\}\}\}|\{\{\s*([\w.]+)\s*\}\}")
_BLOCK = re.compile(r"\{\{\{?\s*[#/^>!&]")
_UNEVEN = re.compile(r"(?<!\{)\{\{[^{}]*\}\}\}|\{\{\{[^{}]*\}\}(?!\})")
"""Two braces that three close, or the other way round: Handlebars parses no template that has them."""


class MissingVariableError(LookupError):
    """The template names a variable that the data lacks; SES drops the message and reports it later."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Attribute '{name}' is not present in the rendering data.")


def parse_data(text: str) -> dict[str, Any]:
    """The variables.

    Raises AwsError when they are not a JSON object or too long.
    """
    if len(text) > MAXIMUM_TEMPLATE_DATA:
        raise bad_request(f"Template data is longer than {MAXIMUM_TEMPLATE_DATA} characters.")
    try:
        data = json.loads(text or "{}")
    except ValueError:
        raise bad_request("Template data is not valid JSON.") from None
    if not isinstance(data, dict):
        raise bad_request("Template data must be a JSON object.")
    return data


def check_content(content: Mapping[str, str]) -> None:
    """Raises AwsError for an inline template that SES would refuse."""
    if len(json.dumps(dict(content)).encode()) > MAXIMUM_INLINE_TEMPLATE:
        raise bad_request(f"Template content is longer than {MAXIMUM_INLINE_TEMPLATE} bytes.")
    if not content.get("Text") and not content.get("Html"):
        raise bad_request("Template content must have a text part or an HTML part.")
    for part in content.values():
        if _BLOCK.search(part):
            raise bad_request(
                "Inline templates support only simple substitutions, no blocks, partials or comments."
            )
        if _UNEVEN.search(part):
            raise bad_request("Template content is no valid template: its braces do not match.")


def fill(template: str, data: Mapping[str, Any]) -> str:
    """Put the variables into a template, once: a value's content is not filled in again.

    Raises MissingVariableError.
    """

    def value(place: re.Match[str]) -> str:
        found: Any = data
        name = place[1] or place[2]
        for part in name.split("."):
            if not isinstance(found, Mapping) or part not in found:
                raise MissingVariableError(name)
            found = found[part]
        return found if isinstance(found, str) else json.dumps(found)

    return _PLACE.sub(value, template)
