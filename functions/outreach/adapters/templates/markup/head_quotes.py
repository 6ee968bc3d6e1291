"""Says how to quote a line of a message's head that is no YAML, in a form that can be pasted."""

import re

import yaml

_FIELD = re.compile(r"[ \t]*(?P<name>[A-Za-z_]\w*)[ \t]*:[ \t]+(?P<text>\S.*?)[ \t\r]*\Z")
_NEEDS_SINGLE = re.compile(r'["\\]')


def quoting_remedy(head: str) -> str:
    """What to write instead of the first line that is no YAML by itself; empty where quotes do not help."""
    for line in head.splitlines():
        field = _FIELD.match(line)
        if field and not _is_yaml(line) and _is_yaml(cure := f"{field['name']}: {_quoted(field['text'])}"):
            return f"{_reason(field['text'])}: {cure}"
    return ""


def inner_quote(style: str | None) -> str:
    """The quote that can stand inside a text of the head, by the quotes around it."""
    return "'" if style == '"' else '"'


def _reason(text: str) -> str:
    if text.startswith('"') and '"' in text[1:-1]:
        return "double quotes cannot stand inside double quotes; write single quotes outside"
    if text.startswith("'") and "'" in text[1:-1] and '"' not in text:
        return "single quotes cannot stand inside single quotes; write double quotes outside"
    return "put the text between quotes"


def _quoted(text: str) -> str:
    """The text between quotes that do not end inside of it."""
    inside = text
    for quote in ('"', "'"):
        if len(text) > 1 and text.startswith(quote):
            inside = text[1:-1] if text.endswith(quote) else text[1:]
    if not _NEEDS_SINGLE.search(inside):
        return f'"{inside}"'
    return "'" + inside.replace("''", "'").replace("'", "''") + "'"


def _is_yaml(line: str) -> bool:
    try:
        node = yaml.compose(line, yaml.CSafeLoader)
    except yaml.YAMLError:
        return False
    return isinstance(node, yaml.MappingNode) and all(
        isinstance(value, yaml.ScalarNode) for _, value in node.value
    )
