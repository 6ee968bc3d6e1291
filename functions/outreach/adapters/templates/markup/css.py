"""Reads CSS as far as it can load or run something, even behind escapes and comments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t\r\n\f]?|(.))", re.DOTALL)
_REMARK = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_PIECE = re.compile(r"""\"(?:\\.|[^"\\])*\"|'(?:\\.|[^'\\])*'|[()]|;|[^"'();]+|.""", re.DOTALL)
_RUNS = re.compile(r"(?:expression|javascript|vbscript)\s*[(:]|behaviou?r\s*:|-moz-binding", re.IGNORECASE)
_URL = re.compile(r"""url\(\s*["']?\s*([^"')]*)""", re.IGNORECASE)
_LAST_CHARACTER = 0x10FFFF


def plain_css(css: str) -> str:
    r"""The CSS as browsers read it: no comments, no escapes (`u\72l` is `url`)."""
    return _ESCAPE.sub(_unescaped, _REMARK.sub("", css))


def declarations(style: str) -> list[str]:
    """The declarations of a style, without blank ones; a `;` inside quotes or brackets ends none."""
    found, current, depth = [], "", 0
    for piece in _PIECE.findall(style):
        depth += (piece == "(") - (piece == ")" and depth > 0)
        if piece == ";" and depth == 0:
            found.append(current.strip())
            current = ""
        else:
            current += piece
    return [each for each in (*found, current.strip()) if each]


def css_problems(css: str) -> Iterator[str]:
    """What runs a script, and pictures with an address that mail programs do not load."""
    plain = plain_css(css)
    if run := _RUNS.search(plain):
        yield f"{run[0].rstrip('(: ')} would run a script; e-mails cannot"
    for url in _URL.finditer(plain):
        if not url[1].strip().lower().startswith(("https://", "http://")):
            right = "put the picture on the web, for mail programs show no other"
            yield f"url(...) must begin with https://: {right}"


def _unescaped(escape: re.Match[str]) -> str:
    if escape[1] is None:
        return escape[2]
    code = int(escape[1], 16)
    return chr(code) if 0 < code <= _LAST_CHARACTER else "\ufffd"
