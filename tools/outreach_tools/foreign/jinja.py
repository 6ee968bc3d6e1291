"""Replaces Jinja in a text by blanks, so that only text is left, each at its place."""

import re

_STRING = r""" "(?:\\.|[^"\\])*+" | '(?:\\.|[^'\\])*+' """
_JINJA = re.compile(
    rf"""
      \{{\{{ (?:{_STRING} | [^"'}}] | \}}(?!\}}) )*+ \}}\}}
    | \{{% (?:{_STRING} | [^"'%] | %(?!\}}) )*+ %\}}
    | \{{\# .*? \#\}}
    """,
    re.VERBOSE | re.DOTALL,
)
_NOT_A_LINE_BREAK = re.compile(r"[^\n]")


def without_jinja(text: str) -> str:
    """The text with blanks for `{{ }}`, `{% %}` and `{# #}`; every other character keeps its place."""
    return _JINJA.sub(lambda tag: _NOT_A_LINE_BREAK.sub(" ", tag[0]), text)
