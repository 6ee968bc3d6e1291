"""Where a text is not YAML, and why: only some of PyYAML's errors have a place."""

import yaml
from yaml.reader import Reader

type Place = tuple[int, int]
"""Line and column, both counted from 1."""

BEGINNING: Place = (1, 1)
UNPRINTABLE = "here is a character that YAML does not allow, such as a control character; delete it"


def yaml_problem(error: Exception, text: str) -> tuple[Place, str]:
    """From the error that PyYAML raised for this text; the problem never repeats a value."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else BEGINNING
        return place, f"this is not YAML: {error.problem}"
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
