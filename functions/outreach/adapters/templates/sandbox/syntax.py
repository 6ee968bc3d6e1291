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
