"""Says what to write where a template is no Jinja: from other template languages' syntax to ours."""

import re

CURLY_QUOTES = "\u201c\u201d\u201e\u2018\u2019\u201a\xab\xbb"
"""The quotes of word processors."""
_TAG = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
_STRING = re.compile(r"""\"(?:\\.|[^"\\])*\"|'(?:\\.|[^'\\])*'""", re.DOTALL)
_FILTER = re.compile(r"""\|\s*(\w+)\s*:\s*("[^"]*"|'[^']*'|[\w.]+)?""")
_SINGLE_EQUALS = re.compile(r"(?<![=!<>])=(?!=)")
_ELSE_IF = re.compile(r"\{%\s*else\s+if\b")
_SIGNS = (("&&", "and"), ("||", "or"))


def syntax_remedy(source: str, line: int, *, is_expression: bool = False) -> str:
    """What would be right on a line that Jinja cannot parse; empty when unknown.

    `line` counts from 1 in `source`, which is a whole template, or an expression without its tag.
    """
    if curly := next((mark for mark in CURLY_QUOTES if mark in source), None):
        return f"write straight quotes, ' or \", instead of {curly}"
    tags = [source] if is_expression else _tags_on(source, line)
    return next((right for tag in tags if (right := _remedy(tag, is_expression=is_expression))), "")


def _tags_on(source: str, line: int) -> list[str]:
    """The tags that reach that line."""
    return [
        tag[0]
        for tag in _TAG.finditer(source)
        if source.count("\n", 0, tag.start()) < line <= source.count("\n", 0, tag.end()) + 1
    ]


def _remedy(tag: str, *, is_expression: bool) -> str:
    if _ELSE_IF.match(tag):
        return "write {% elif ... %} instead of {% else if ... %}"
    if found := _FILTER.search(tag):
        name, argument = found[1], (found[2] or "...").replace("'", '"')
        return f"write {name}({argument}) instead of {found[0].lstrip('| ').strip()}"
    bare = _STRING.sub("", tag)
    for sign, word in _SIGNS:
        if sign in bare:
            return f"write {word} instead of {sign}"
    is_condition = is_expression or re.match(r"\{%\s*(?:el)?if\b", tag)
    if is_condition and _SINGLE_EQUALS.search(bare):
        return "write == instead of = to compare two values"
    return ""


_TOKENS = {
    "end of print statement": "}}",
    "end of statement block": "%}",
    "end of template": "the end",
    "name": "a name",
    "string": "a text in quotes",
    "integer": "a whole number",
}
_EXPECTED = re.compile(r"expected token '([^']*)', got '([^']*)'")
_CLOSED = re.compile(r"unexpected '([^']*)'(?:, expected '([^']*)')?")
_CHARACTER = re.compile(r"unexpected char ['\"](.+?)['\"] at")
_ENDS = frozenset({"}}", "%}", "the end"})
_UNKNOWN = "this tag cannot be read: compare it with the examples in templates/README.md"


def syntax_problem(source: str, line: int, said: str, *, is_expression: bool = False) -> str:
    """What is wrong on a line that Jinja cannot parse, in our own words; `said` is Jinja's message."""
    if right := syntax_remedy(source, line, is_expression=is_expression):
        return right
    if found := _EXPECTED.search(said):
        return _expected(*(_TOKENS.get(each, each) for each in found.groups()))
    if found := _CHARACTER.search(said):
        if found[1] == "?":
            return "write (a if condition else b) instead of condition ? a : b"
        return f"{found[1]} means nothing here: take it out, or put text between quotes"
    if "unexpected 'end of " in said:
        return "this ends too early: a value is missing at its end"
    if found := _CLOSED.search(said):
        return (
            f"{found[2]} is missing before {found[1]}"
            if found[2]
            else f"{found[1]} closes nothing here: take it out"
        )
    if said.startswith("expected name or number"):
        return "a name is missing behind the dot"
    if said.startswith("Expected an expression"):
        return "this tag lacks a condition or a value: write one into it"
    if "'endset'" in said:
        return "write {% set name = value %}, for a name gets its value in the same tag"
    return _UNKNOWN


def _expected(expected: str, got: str) -> str:
    if got in _ENDS:
        return f"this ends too early: {expected} is missing before {got}"
    if expected in _ENDS:
        return f"nothing can follow before {got!r}: put and, or, == or ~ between two values, or take it out"
    return f"{expected} is missing before {got!r}"
