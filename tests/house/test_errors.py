"""The tree in `domain/errors.py` is that of its classes, and every error of the project ends in `Error`."""

import ast
import re

from outreach.domain import errors
from stack_files import ROOT

_LINE = re.compile(r"^((?:│ {3}| {4})*)[├└]── (\w+)", re.MULTILINE)
CODE = [path for room in ("functions", "tools") for path in sorted((ROOT / room).rglob("*.py"))]


def parents_in_the_docstring() -> dict[str, str]:
    """By name: the error that each one stands under in the tree."""
    parents, above = {}, ["OutreachError"]
    for indent, name in _LINE.findall(errors.__doc__ or ""):
        depth = len(indent) // 4 + 1
        parents[name] = above[depth - 1]
        above[depth:] = [name]
    return parents


def test_the_tree_of_errors_is_that_of_the_classes() -> None:
    classes = {
        name: each.__base__.__name__
        for name, each in vars(errors).items()
        if isinstance(each, type) and issubclass(each, errors.OutreachError) and each.__base__ is not None
    }

    assert parents_in_the_docstring() | {"OutreachError": "Exception"} == classes


def test_every_error_of_the_project_ends_in_error() -> None:
    named = set(vars(errors))
    found = [
        node.name
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        and any(
            isinstance(base, ast.Name) and base.id in named and base.id.endswith("Error")
            for base in node.bases
        )
    ]

    assert len(found) > 20
    assert [name for name in found if not name.endswith("Error")] == []
