"""Finds, without facts, lists that hold lists where none may: rendering would refuse them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LITERALS = (nodes.List, nodes.Tuple, nodes.Dict)
_LIST_MAKERS = frozenset(
    {"list", "map", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "unique"}
)
_OF_PLAIN_VALUES = frozenset({"max", "min", "sort", "unique"})
_OF_NUMBERS = frozenset({"money", "round"})


def literal_slips(found: Iterable[nodes.Node]) -> Iterator[tuple[int, str]]:
    """The line of each, and what is wrong there; `found` are all nodes of a template, from its beginning."""
    lists: set[str] = set()
    for node in found:
        match node:
            case nodes.Assign(target=target, node=value):
                lists |= _set_to_lists(target, value, lists)
            case nodes.List() | nodes.Tuple(ctx="load") | nodes.Dict():
                yield from _held(node, lists)
            case nodes.Compare(expr=left, ops=operands):
                sides = (left, *(each.expr for each in operands))
                if any(_holds_literals(side) for side in sides):
                    yield node.lineno, "lists of lists cannot be compared; compare one value of each"
            case nodes.Filter(name=name, node=value, args=[], kwargs=[]) if name in _OF_PLAIN_VALUES:
                if _holds_literals(value):
                    yield node.lineno, f"{name} takes no list of lists"
            case nodes.Filter(name=name, node=nodes.List() | nodes.Tuple() | nodes.Dict()) if (
                name in _OF_NUMBERS
            ):
                yield node.lineno, f"{name} takes one number and no list"


def _set_to_lists(target: nodes.Node, value: nodes.Node, lists: set[str]) -> set[str]:
    if isinstance(target, nodes.Tuple) and isinstance(value, nodes.Tuple | nodes.List):
        pairs = zip(target.items, value.items, strict=False)
        return {name for each, part in pairs for name in _set_to_lists(each, part, lists)}
    return {target.name} if isinstance(target, nodes.Name) and _makes_list(value, lists) else set()


def _makes_list(value: nodes.Node | None, lists: set[str]) -> bool:
    match value:
        case nodes.List() | nodes.Tuple() | nodes.Dict():
            return True
        case nodes.Name(name=name):
            return name in lists
        case nodes.CondExpr(expr1=first, expr2=second):
            return _makes_list(first, lists) or _makes_list(second, lists)
        case nodes.Or(left=first, right=second) | nodes.And(left=first, right=second):
            return _makes_list(first, lists) or _makes_list(second, lists)
        case nodes.Add(left=first, right=second):
            return _makes_list(first, lists) or _makes_list(second, lists)
        case nodes.Filter(name=name):
            return name in _LIST_MAKERS
    return False


def _held(literal: nodes.List | nodes.Tuple | nodes.Dict, lists: set[str]) -> Iterator[tuple[int, str]]:
    for entry in _entries(literal):
        if isinstance(entry, LITERALS) or not _makes_list(entry, lists):
            continue
        name = next((each.name for each in _names(entry) if each.name in lists), None)
        if name is not None:
            right = f"write out what is in it, or join the lists: + {name}"
            yield entry.lineno, f"a list cannot hold the list {name!r}; {right}"


def _entries(literal: nodes.Node) -> Iterator[nodes.Node]:
    match literal:
        case nodes.List(items=items) | nodes.Tuple(items=items):
            yield from items
        case nodes.Dict(items=pairs):
            for pair in pairs:
                yield from (pair.key, pair.value)


def _names(entry: nodes.Node) -> Iterator[nodes.Name]:
    if isinstance(entry, nodes.Name):
        yield entry
    yield from entry.find_all(nodes.Name)


def _holds_literals(value: nodes.Node | None) -> bool:
    return value is not None and any(isinstance(entry, LITERALS) for entry in _entries(value))
