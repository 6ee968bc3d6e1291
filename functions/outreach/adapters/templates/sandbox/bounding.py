"""Builds limits into a template before it is compiled, wherever it could ask for too much."""

from typing import cast

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from outreach.adapters.templates.sandbox.limits import TOUCHED_PER_UNIT

FEW = 100
"""Entries of a list of constants that need not be counted at run time."""


class _Bounding(NodeTransformer):
    """Puts a limit on whatever can be large or slow.

    The limits are filters, so Jinja's generated code is unchanged; their names have brackets, so that no
    template can write them.
    """

    def visit_For(self, node: nodes.For) -> nodes.Node:
        work = _work_of_a_round(node)
        self.generic_visit(node)
        node.iter = _filtered(node.iter, "(rounds)", _constant(node, work))
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return _filtered(nodes.Tuple(node.nodes, "load", lineno=node.lineno), "(joined)")

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        self.generic_visit(node)
        rest = [part for each in node.ops for part in (_constant(node, each.op), each.expr)]
        return _filtered(node.expr, "(compared)", *rest)

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        self.generic_visit(node)
        if not isinstance(node.arg, nodes.Slice):
            return node
        part = node.arg
        bounds = [each or _constant(node, None) for each in (part.start, part.stop, part.step)]
        return _filtered(node.node, "(part)", *bounds)

    def visit_List(self, node: nodes.List) -> nodes.Node:
        self.generic_visit(node)
        return _filtered(node, "(small)") if _is_large(node.items) else node

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:
        self.generic_visit(node)
        return _filtered(node, "(small)") if node.ctx == "load" and _is_large(node.items) else node

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:
        self.generic_visit(node)
        for pair in node.items:
            if not isinstance(pair.key, nodes.Const):
                pair.key = _filtered(pair.key, "(key)")
        return _filtered(node, "(small)")

    def visit_FilterBlock(self, node: nodes.FilterBlock) -> nodes.Node:
        """The content of a filter block is collected for the filter, and is not yet part of the e-mail."""
        for output in node.find_all(nodes.Output):
            output.nodes = [
                each if isinstance(each, nodes.TemplateData) else _filtered(each, "(touched)")
                for each in output.nodes
            ]
        self.generic_visit(node)
        return node


def bounded(tree: nodes.Template) -> nodes.Template:
    """The same template with limits built in."""
    _Bounding().visit(tree)
    return tree


def _work_of_a_round(loop: nodes.For) -> int:
    inside = list(loop.find_all(nodes.Node))
    text = sum(len(each.data) for each in inside if isinstance(each, nodes.TemplateData))
    return 1 + (len(inside) + text) // TOUCHED_PER_UNIT


def _is_large(items: list[nodes.Expr]) -> bool:
    return len(items) > FEW or not all(isinstance(item, nodes.Const) for item in items)


def _constant(node: nodes.Node, value: object) -> nodes.Const:
    return nodes.Const(value, lineno=node.lineno)


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
