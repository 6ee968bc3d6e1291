"""Puts a page together as an HTTP API response."""

from __future__ import annotations

import base64
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from outreach.adapters.pages.words import WORDS, Text

if TYPE_CHECKING:
    from outreach.adapters.pages.request import PageRequest

ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""The form field that a mail program posts by itself (RFC 8058 section 3.2); the page's button posts the
same."""

type Response = dict[str, Any]


class Pages:
    """Every page, under the shop's name."""

    def __init__(self, shop: str) -> None:
        self._shop = shop

    def unsubscribe(self, request: PageRequest) -> Response:
        """One button, which opts out."""
        text = WORDS[request.language].unsubscribe
        return self._page(request, text, _button(*ONE_CLICK, text.button))

    def unsubscribed(self, request: PageRequest) -> Response:
        return self._page(request, WORDS[request.language].unsubscribed)

    def survey(self, request: PageRequest, scores: range, *, status: int = 200) -> Response:
        """One button for each score."""
        buttons = "".join(_button("score", str(score), str(score)) for score in scores)
        return self._page(request, WORDS[request.language].survey, buttons, status=status)

    def thanks(self, request: PageRequest) -> Response:
        return self._page(request, WORDS[request.language].thanks)

    def not_found(self, request: PageRequest) -> Response:
        """Reveals nothing: neither whether the link was ever valid, nor whose it was."""
        return self._page(request, WORDS[request.language].not_found, status=404)

    def _page(self, request: PageRequest, text: Text, buttons: str = "", *, status: int = 200) -> Response:
        html = _template().substitute(
            language=request.language,
            style=_style(),
            shop=escape(self._shop),
            title=escape(text.title),
            text=escape(text.text),
            form=f'<form method="post">{buttons}</form>' if buttons else "",
        )
        return {
            "statusCode": status,
            "headers": {**_headers(), "content-language": request.language},
            "body": "" if request.method == "HEAD" else html,
        }


def _button(name: str, value: str, label: str) -> str:
    return f'<button name="{escape(name)}" value="{escape(value)}">{escape(label)}</button>'


@cache
def _headers() -> dict[str, str]:
    """Nothing is loaded, cached, indexed, framed, or sent to others; there are no cookies."""
    style = base64.b64encode(sha256(_style().encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "content-security-policy": policy,
        "referrer-policy": "no-referrer",
        "strict-transport-security": "max-age=31536000",
        "vary": "accept-language",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex, nofollow",
    }


@cache
def _template() -> Template:
    return Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))


@cache
def _style() -> str:
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8").strip()
