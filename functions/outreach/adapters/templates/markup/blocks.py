"""Checks that everything opened is closed, and in the right order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from outreach.adapters.templates.markup.tree import Attribute, Node, Place, Statement, problem_at

if TYPE_CHECKING:
    from collections.abc import Mapping

ENDS = {"if": "endif", "for": "endfor"}
"""The statements that open a block, and their ends."""
BELONGS_TO = {"endif": "if", "elif": "if", "endfor": "for"}


@dataclass(slots=True)
class Open:
    """An element or a Jinja block whose end has not been seen yet."""

    name: str
    place: Place
    is_element: bool = True
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)

    def __str__(self) -> str:
        return f"<{self.name}>" if self.is_element else f"{{% {self.name} %}}"


def counts(statement: Statement, stack: list[Open]) -> None:
    """Open or close a block, which must begin and end inside the same element or markup would break.

    Raises TemplateError at a statement that fits nothing that is open.
    """
    keyword = statement.keyword
    if keyword in ENDS:
        children = stack[-1].children if stack else []
        stack.append(Open(keyword, statement.place, is_element=False, children=children))
        return
    if keyword == "set":
        return
    block = stack[-1] if stack and not stack[-1].is_element else None
    if block is None or block.name != BELONGS_TO.get(keyword, block.name):
        inside = f" inside {stack[-1]} of line {stack[-1].place.line}" if stack and stack[-1].name else ""
        raise problem_at(statement.place, f"{{% {keyword} %}} has nothing to belong to{inside}")
    if keyword.startswith("end"):
        stack.pop()


def close(name: str, place: Place, stack: list[Open]) -> Open:
    """Close an element, and return what was opened; TemplateError unless it is the innermost one."""
    opened = stack[-1]
    if not opened.is_element:
        right = f"write {{% {ENDS[opened.name]} %}} before it"
        raise problem_at(place, f"</{name}> ends inside {opened} of line {opened.place.line}: {right}")
    if opened.name != name:
        if any(each.is_element and each.name == name for each in stack):
            right = f"write </{opened.name}> before it"
            problem = f"</{name}> comes while {opened} of line {opened.place.line} is still open: {right}"
        else:
            problem = f"</{name}> closes nothing: it was never opened"
        raise problem_at(place, problem)
    return stack.pop()
