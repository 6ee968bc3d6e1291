"""What is known once a condition has turned out true, or false."""

from collections.abc import Mapping

from jinja2 import nodes

from outreach_tools.checks.optional_facts import Path

type Paths = frozenset[Path]

NOTHING: Paths = frozenset()
_EMPTY_TESTS = frozenset({"none", "undefined"})
_KNOWN_TESTS = frozenset({"defined", "string", "number", "mapping", "iterable", "sequence"})


def path_of(expression: nodes.Node) -> Path:
    """The fact that an expression names; empty when it is more than a name."""
    match expression:
        case nodes.Name(name=name):
            return (name,)
        case (
            nodes.Getattr(node=node, attr=attribute)
            | nodes.Getitem(node=node, arg=nodes.Const(value=attribute))
        ):
            before = path_of(node)
            return (*before, attribute) if before and isinstance(attribute, str) else ()
    return ()


def when_true(test: nodes.Node, aliases: Mapping[str, nodes.Expr]) -> Paths:
    """The facts that are known where the test holds."""
    match test:
        case nodes.Name(name=name) if name in aliases:
            return when_true(aliases[name], aliases) | {(name,)}
        case nodes.Name() | nodes.Getattr() | nodes.Getitem():
            return _with_heads(path_of(test))
        case nodes.And(left=left, right=right):
            return when_true(left, aliases) | when_true(right, aliases)
        case nodes.Or(left=left, right=right):
            return when_true(left, aliases) & when_true(right, aliases)
        case nodes.Not(node=node):
            return when_false(node, aliases)
        case nodes.Test(node=node, name=name) if name in _KNOWN_TESTS:
            return _with_heads(path_of(node))
        case nodes.Filter(node=nodes.Node() as node):
            return when_true(node, aliases)
        case nodes.Compare(expr=expression, ops=operands):
            sides = [expression, *(operand.expr for operand in operands if operand.op != "ne")]
            return frozenset().union(*(_with_heads(path_of(side)) for side in sides))
    return NOTHING


def when_false(test: nodes.Node, aliases: Mapping[str, nodes.Expr]) -> Paths:
    """The facts that are known where the test does not hold."""
    match test:
        case nodes.Name(name=name) if name in aliases:
            return when_false(aliases[name], aliases)
        case nodes.Not(node=node):
            return when_true(node, aliases)
        case nodes.Or(left=left, right=right):
            return when_false(left, aliases) | when_false(right, aliases)
        case nodes.And(left=left, right=right):
            return when_false(left, aliases) & when_false(right, aliases)
        case nodes.Test(node=node, name=name) if name in _EMPTY_TESTS:
            return _with_heads(path_of(node))
    return NOTHING


def _with_heads(path: Path) -> Paths:
    """When `order.url` is known, so is the order."""
    return frozenset(path[:length] for length in range(1, len(path) + 1))
