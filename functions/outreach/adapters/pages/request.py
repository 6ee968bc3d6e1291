"""What a page reads of an HTTP API request (payload format 2.0)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from outreach.adapters.pages.languages import preferred_language

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A GET of a page, or a POST of its button."""

    method: str
    token: str
    language: str
    form: Mapping[str, str]
    """The fields of a form; empty for a body of any other kind."""

    @property
    def acts(self) -> bool:
        """Only a POST may change anything: scanners and previews open every link with GET and HEAD."""
        return self.method == "POST"


def read_request(event: Mapping[str, Any]) -> PageRequest:
    """Header names are lower-case in this format."""
    headers: Mapping[str, str] = event.get("headers") or {}
    return PageRequest(
        method=event["requestContext"]["http"]["method"],
        token=(event.get("pathParameters") or {}).get("token", ""),
        language=preferred_language(headers.get("accept-language", "")),
        form=_form(event),
    )


def _form(event: Mapping[str, Any]) -> dict[str, str]:
    body: str = event.get("body") or ""
    if event.get("isBase64Encoded"):
        try:
            body = base64.b64decode(body).decode()
        except (binascii.Error, UnicodeDecodeError):
            return {}
    try:
        return dict(parse_qsl(body, max_num_fields=20))
    except ValueError:
        return {}
