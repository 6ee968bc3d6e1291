"""Builds limits into a template before it is compiled, wherever it could ask for too much."""

from typing import cast

from jinja2 import nodes
from jinja2.visitor import NodeTransformer


class _Bounding(NodeTransformer):
    """Puts a limit on loops and joined texts; both are filters, so the code Jinja makes stays its own.

    What is joined has to be something that could be shown by itself: `~` would make a word `None` of nothing.
    """

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - Jinja finds visitors by name
        self.generic_visit(node)
        node.iter = _filtered(node.iter, "rounds")
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - Jinja finds visitors by name
        self.generic_visit(node)
        node.nodes = [
            each if isinstance(each, nodes.Const) else _filtered(each, "shown") for each in node.nodes
        ]
        return _filtered(node, "small")


class _Forgiving(NodeTransformer):
    """In expressions, what is not known is neither before nor after anything: the answer is false."""

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802 - Jinja finds visitors by name
        self.generic_visit(node)
        if len(node.ops) == 1 and node.ops[0].op in {"lt", "lteq", "gt", "gteq"}:
            return _filtered(node.expr, node.ops[0].op, node.ops[0].expr)
        return node


def bounded(tree: nodes.Template) -> nodes.Template:
    """The same template with limits built in."""
    _Bounding().visit(tree)
    return tree


def forgiving(tree: nodes.Template) -> nodes.Template:
    """The same template, in which comparing with something unknown gives false."""
    _Forgiving().visit(tree)
    return tree


def _filtered(node: nodes.Node, name: str, *arguments: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(
        cast("nodes.Expr", node),
        name,
        list(arguments),
        [],
        None,
        None,
        lineno=node.lineno,
        environment=node.environment,
    )
