"""Reads the JSON of Amazon SES and Amazon Pinpoint templates, as their APIs and commands print it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from outreach.domain.errors import OutreachError

_WRAPPERS = ("Template", "TemplateContent", "EmailTemplateRequest", "EmailTemplateResponse")
_SUBJECTS = ("SubjectPart", "Subject")
_HTMLS = ("HtmlPart", "Html")
_TEXTS = ("TextPart", "Text")


class NotATemplateError(OutreachError):
    """The file is no template of SES or Pinpoint."""


@dataclass(frozen=True, slots=True)
class ForeignTemplate:
    """Another service's message."""

    html: str
    subject: str = ""
    text: str = ""
    is_handlebars: bool = False
    """Whether `{{ }}` follows the rules of Handlebars and nothing else is special."""
    defaults: Mapping[str, str] = field(default_factory=dict)
    """The default for customers without an attribute."""


def read_ses_template(text: str) -> ForeignTemplate:
    """The template in a JSON document of SES (v1 or v2) or Pinpoint. Raises NotATemplateError."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise NotATemplateError(f"this is no JSON: {error}") from None
    content = _unwrapped(document)
    html = _first(content, _HTMLS)
    if not html:
        right = "export it with `aws sesv2 get-email-template` or `aws pinpoint get-email-template`"
        raise NotATemplateError(f"there is no HtmlPart (or Html) in it; {right}")
    return ForeignTemplate(
        html=html,
        subject=_first(content, _SUBJECTS),
        text=_first(content, _TEXTS),
        is_handlebars=True,
        defaults=_defaults(content.get("DefaultSubstitutions")),
    )


def _unwrapped(document: object) -> Mapping[str, Any]:
    while isinstance(document, dict):
        inner = next((document[name] for name in _WRAPPERS if isinstance(document.get(name), dict)), None)
        if inner is None:
            return document
        document = inner
    raise NotATemplateError("a template is an object of names and values")


def _first(content: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((content[name] for name in names if isinstance(content.get(name), str)), "")


def _defaults(substitutions: object) -> Mapping[str, str]:
    """Pinpoint keeps them as JSON inside of the JSON."""
    if isinstance(substitutions, str):
        try:
            substitutions = json.loads(substitutions)
        except ValueError:
            return {}
    if not isinstance(substitutions, dict):
        return {}
    return {str(name): value for name, value in substitutions.items() if isinstance(value, str)}
