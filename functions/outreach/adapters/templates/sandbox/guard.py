"""Reads a template's syntax tree before it may run: only what letters need gets through, by known names.

Everything that is not listed is refused, so a new Jinja feature is out until somebody lets it in.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from outreach.adapters.templates.sandbox.environment import METHODS, Sandbox
from outreach.adapters.templates.sandbox.facts import suggestion

ALLOWED = (
    nodes.Template, nodes.Output, nodes.If, nodes.For, nodes.Assign, nodes.FilterBlock,
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
    found = list(_all(tree, 0))
    assigned = {node.name for node, _ in found if isinstance(node, nodes.Name) and node.ctx == "store"}
    known = {**words, **dict.fromkeys(assigned | OWN_NAMES)}
    assignments = 0
    for node, loops in found:
        match node:
            case nodes.Name(ctx="load", name=name):
                yield from (Slip(node.lineno, problem) for problem in name_slips((name,), known))
            case nodes.Getattr():
                head = node.node.name if isinstance(node.node, nodes.Name) else ""
                yield from (Slip(node.lineno, problem) for problem in attribute_slips(head, node.attr, known))
            case nodes.Filter(name=name) if name not in environment.filters:
                hint = suggestion(name, environment.filters)
                yield Slip(node.lineno, f"there is no filter {name!r}; {hint}")
            case nodes.Test(name=name) if name not in environment.tests:
                yield Slip(node.lineno, f"there is no test {name!r}; {suggestion(name, environment.tests)}")
            case nodes.Call() if not _may_be_called(node.node):
                yield Slip(node.lineno, f"only these can be called: range, {', '.join(sorted(METHODS))}")
            case nodes.For(recursive=True):
                yield Slip(node.lineno, "a loop cannot be recursive")
            case nodes.For() if loops >= DEEPEST_LOOP:
                yield Slip(node.lineno, "a loop may hold one other loop, and not more")
            case nodes.Assign():
                assignments += 1
                if assignments > MOST_ASSIGNMENTS:
                    yield Slip(node.lineno, f"a template may {{% set %}} {MOST_ASSIGNMENTS} names at most")
            case _ if not isinstance(node, ALLOWED):
                yield Slip(node.lineno, f"{type(node).__name__.lower()} is not available in templates")


def names_used(tree: nodes.Template) -> frozenset[str]:
    """The names a template takes from outside."""
    names = [node for node, _ in _all(tree, 0) if isinstance(node, nodes.Name)]
    assigned = {name.name for name in names if name.ctx == "store"}
    return frozenset(name.name for name in names if name.ctx == "load") - assigned - OWN_NAMES


def name_slips(path: tuple[str, ...], known: Mapping[str, Collection[str] | None]) -> Iterator[str]:
    """What is wrong with a name and the attributes after it."""
    if path[0] not in known:
        yield f"nothing is called {path[0]!r}; {suggestion(path[0], set(known) - OWN_NAMES)}"
    for place, attribute in enumerate(path[1:]):
        yield from attribute_slips("" if place else path[0], attribute, known)


def attribute_slips(
    head: str, attribute: str, known: Mapping[str, Collection[str] | None]
) -> Iterator[str]:
    """What is wrong with `head.attribute`; `head` is empty where it is no name."""
    attributes = known.get(head)
    if attribute.startswith("_"):
        yield "names that begin with _ are not available"
    elif attributes is not None and attribute not in attributes:
        yield f"{head} has no {attribute!r}; {suggestion(attribute, attributes)}"


def _may_be_called(node: nodes.Expr) -> bool:
    if isinstance(node, nodes.Getattr):
        return node.attr in METHODS
    return isinstance(node, nodes.Name) and node.name == "range"


def _all(node: nodes.Node, loops: int) -> Iterator[tuple[nodes.Node, int]]:
    """Every node, with the number of loops around it."""
    yield node, loops
    inside = loops + isinstance(node, nodes.For)
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.TemplateData):
            continue
        yield from _all(child, inside)


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
