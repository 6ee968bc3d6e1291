"""Reads a template's syntax tree before it may run: only what letters need is let through, and every name is known.

Everything that is not listed is refused, so a new Jinja feature is out until somebody lets it in.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from outreach.adapters.templates.facts import suggestion
from outreach.adapters.templates.sandbox import METHODS, Sandbox

ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign, nodes.FilterBlock,
    nodes.Name, nodes.Const, nodes.Tuple, nodes.List, nodes.Dict, nodes.Pair, nodes.Keyword, nodes.CondExpr,
    nodes.Filter, nodes.Test, nodes.Call, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Concat,
    nodes.Compare, nodes.Operand, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod,
    nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos,
)  # fmt: skip
DEEPEST_LOOP = 2
MOST_ASSIGNMENTS = 16
OWN_NAMES = frozenset({"loop", "range", "true", "false", "none", "True", "False", "None"})


@dataclass(frozen=True, slots=True)
class Slip:
    """Something a template may not do, and the line of the template it is on."""

    line: int
    problem: str


def slips(
    tree: nodes.Template, environment: Sandbox, words: Mapping[str, Collection[str] | None]
) -> Iterator[Slip]:
    """Everything that is wrong with a template; `words` are the facts it may name (None: any attribute)."""
    assigned = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    for node in _all(tree):
        if not isinstance(node, ALLOWED):
            yield Slip(node.lineno, f"{type(node).__name__.lower()} is not available in templates")
        elif isinstance(node, nodes.Filter) and node.name not in environment.filters:
            hint = suggestion(node.name, environment.filters)
            yield Slip(node.lineno, f"there is no filter {node.name!r}; {hint}")
        elif isinstance(node, nodes.Test) and node.name not in environment.tests:
            hint = suggestion(node.name, environment.tests)
            yield Slip(node.lineno, f"there is no test {node.name!r}; {hint}")
        elif isinstance(node, nodes.Call) and not _may_be_called(node.node):
            yield Slip(node.lineno, f"only these can be called: range, {', '.join(sorted(METHODS))}")
        elif isinstance(node, nodes.For) and node.recursive:
            yield Slip(node.lineno, "a loop cannot be recursive")
        elif isinstance(node, nodes.Name) and node.ctx == "load":
            if node.name not in OWN_NAMES and node.name not in assigned and node.name not in words:
                yield Slip(node.lineno, f"nothing is called {node.name!r}; {suggestion(node.name, words)}")
        elif isinstance(node, nodes.Getattr):
            yield from _attribute_slip(node, assigned, words)
    if _loop_depth(tree) > DEEPEST_LOOP:
        yield Slip(1, "a loop may hold one other loop, and not more")
    if sum(1 for _ in tree.find_all(nodes.Assign)) > MOST_ASSIGNMENTS:
        yield Slip(1, f"a template may {{% set %}} {MOST_ASSIGNMENTS} names at most")


def _attribute_slip(
    node: nodes.Getattr, assigned: Collection[str], words: Mapping[str, Collection[str] | None]
) -> Iterator[Slip]:
    if node.attr.startswith("_"):
        yield Slip(node.lineno, "names that begin with _ are not available")
    elif isinstance(node.node, nodes.Name) and node.node.name not in assigned:
        known = words.get(node.node.name)
        if known is not None and node.attr not in known:
            hint = suggestion(node.attr, known)
            yield Slip(node.lineno, f"{node.node.name} has no {node.attr!r}; {hint}")


def _may_be_called(node: nodes.Expr) -> bool:
    if isinstance(node, nodes.Getattr):
        return node.attr in METHODS
    return isinstance(node, nodes.Name) and node.name == "range"


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _all(child)


def _loop_depth(node: nodes.Node) -> int:
    below = max((_loop_depth(child) for child in node.iter_child_nodes()), default=0)
    return below + isinstance(node, nodes.For)


class _Bounding(NodeTransformer):
    """Puts a limit on loops and on joined texts; both limits are filters, so the code Jinja makes stays its own."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - Jinja finds visitors by name
        self.generic_visit(node)
        node.iter = _filtered(node.iter, "rounds")
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - Jinja finds visitors by name
        self.generic_visit(node)
        return _filtered(node, "small")


class _Forgiving(NodeTransformer):
    """In expressions, something that is not known is neither before nor after anything: the answer is false."""

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


def _filtered(node: nodes.Expr, name: str, *arguments: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(
        node, name, list(arguments), [], None, None, lineno=node.lineno, environment=node.environment
    )
