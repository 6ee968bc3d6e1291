"""Where a text is not YAML, and why: only some of PyYAML's errors have a place."""

import yaml
from yaml.reader import Reader

type Place = tuple[int, int]
"""Line and column, both counted from 1."""

BEGINNING: Place = (1, 1)
UNPRINTABLE = "here is a character that YAML does not allow, such as a control character; delete it"

_INDENT = "indent this line as the lines of the same list or group above it"
_QUOTE = "when a value begins with a quote, quote the whole of it; else check the indentation"
_HINTS = (
    ("<block mapping start>", _INDENT),
    ("<block sequence start>", _INDENT),
    ("'-' indicator", _INDENT),
    ("block sequence entries are not allowed", _INDENT),
    ("mapping values are not allowed", "quote the whole value when it holds a colon and a space"),
    ("expected <block end>", _QUOTE),
    ("did not find expected key", _QUOTE),
    (
        "cannot start any token",
        "indent with spaces, not tabs, and quote values that begin with @, `, % or {{",
    ),
    ("could not find expected ':'", "write `name: value`, and quote values that run over several lines"),
    ("expected a single document", "leave out the line with ---; one file is one campaign"),
    ("expected ',' or ", "close every bracket that was opened, and quote values that begin with # or {"),
    ("expected the node content", "close every bracket that was opened"),
    ("quoted scalar", "end the text with the quote that it begins with"),
    ("unexpected end of stream", "end the text with the quote that it begins with"),
    ("undefined alias", "quote values that begin with *"),
    ("alias", "quote values that begin with *"),
    ("anchor", "quote values that begin with &"),
    ("block scalar", "quote values that begin with | or >"),
    ("directive", "quote values that begin with %"),
)
_OTHERWISE = "write `name: value` on each line, and put the value between quotes"


def yaml_hint(error: yaml.MarkedYAMLError) -> str:
    """What would be right where PyYAML cannot read on, without its own words."""
    said = " ".join(filter(None, (error.context, error.problem)))
    return next((hint for words, hint in _HINTS if words in said), _OTHERWISE)


def yaml_problem(error: Exception, text: str) -> tuple[Place, str]:
    """From the error that PyYAML raised for this text; the problem never repeats a value."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else BEGINNING
        return place, f"this is not YAML: {yaml_hint(error)}"
    if isinstance(error, yaml.YAMLError):
        return unprintable_at(text), UNPRINTABLE
    if isinstance(error, RecursionError):
        return BEGINNING, "this is nested too deeply"
    return BEGINNING, "a value here is neither a date nor a number, but looks like one; put it between quotes"


def unprintable_at(text: str) -> Place:
    """The first character that YAML 1.1 does not allow (section 5.1); the beginning if there is none."""
    found = Reader.NON_PRINTABLE.search(text)
    if found is None:
        return BEGINNING
    before = text[: found.start()]
    return before.count("\n") + 1, len(before) - before.rfind("\n")
