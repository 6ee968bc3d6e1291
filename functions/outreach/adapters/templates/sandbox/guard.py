"""Checks a template's syntax tree before it may run: only what messages need is accepted, by known names.

Everything that is not listed is refused, so a new Jinja feature stays out until this list allows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import nodes

from outreach.adapters.templates.sandbox.environment import METHODS, Sandbox
from outreach.adapters.templates.sandbox.facts import fact_suggestion, suggestion
from outreach.adapters.templates.sandbox.limits import LARGEST_NUMBER
from outreach.adapters.templates.sandbox.literals import literal_slips

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

ALLOWED = (
    nodes.Template, nodes.Output, nodes.If, nodes.For, nodes.Assign, nodes.FilterBlock,
    nodes.Name, nodes.Const, nodes.Tuple, nodes.List, nodes.Dict, nodes.Pair, nodes.Keyword, nodes.CondExpr,
    nodes.Filter, nodes.Test, nodes.Call, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Concat,
    nodes.Compare, nodes.Operand, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod,
    nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos,
)  # fmt: skip
DEEPEST_LOOP = 2
DEEPEST_TREE = 100
"""Nested nodes, such as a sum of a hundred numbers. Python itself fails at a thousand.

Also the parts of what is joined by `~`, or compared in a chain."""
MOST_ASSIGNMENTS = 16
GAP = "import_gap"
"""`{{ import_gap("what stood here") }}` marks what `outreach templates import` could not translate."""
GAP_PROBLEM = "import left a gap here"
TOO_COMPLICATED = "this is too complicated: fewer brackets and operators inside each other"
OWN_NAMES = frozenset({"loop", "range", "true", "false", "none", "True", "False", "None"})


@dataclass(frozen=True, slots=True)
class Slip:
    """Something a template may not do, and the line of the template it is on."""

    line: int
    problem: str


@dataclass(frozen=True, slots=True)
class Use:
    """A name that is taken from outside, on its own or with an attribute."""

    line: int
    name: str
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a template before it is compiled."""

    slips: tuple[Slip, ...]
    uses: tuple[Use, ...]
    loops: bool
    shown: int
    """How many values it shows, a loop's once."""


def read(tree: nodes.Template, environment: Sandbox) -> Reading:
    """Everything that is wrong with a template, whatever its facts are, and the names it uses."""
    found = list(_all(tree, 0))
    assigned = {node.name for node, _ in found if isinstance(node, nodes.Name) and node.ctx == "store"}
    uses = (_use(node) for node, _ in found)
    return Reading(
        slips=(
            *_slips(found, environment),
            *(Slip(*each) for each in literal_slips([node for node, _ in found])),
        ),
        uses=tuple(use for use in uses if use and use.name not in assigned | OWN_NAMES),
        loops=any(isinstance(node, nodes.For) for node, _ in found),
        shown=sum(_shown(node) for node, _ in found if isinstance(node, nodes.Output)),
    )


def unknown_names(uses: Iterable[Use], known: Mapping[str, Collection[str] | None]) -> Iterator[Slip]:
    """The unknown ones: `known` are the names with their attributes (None: any attribute)."""
    for use in uses:
        attributes = known.get(use.name)
        if not use.attribute:
            if use.name not in known:
                hint = fact_suggestion(use.name, known)
                yield Slip(use.line, f"nothing is called {use.name!r}; {hint}")
        elif attributes is not None and use.attribute not in attributes and not use.attribute.startswith("_"):
            hint = suggestion(use.attribute, attributes)
            if use.name == "values" and not hint.startswith("did"):
                hint = f"write `{use.attribute}: ...` below `values:` in campaign.yaml"
            yield Slip(use.line, f"{use.name} has no {use.attribute!r}; {hint}")


def _shown(output: nodes.Output) -> int:
    return sum(not isinstance(each, nodes.TemplateData) for each in output.nodes)


def _use(node: nodes.Node) -> Use | None:
    match node:
        case nodes.Name(ctx="load", name=name):
            return Use(node.lineno, name)
        case nodes.Getattr(node=nodes.Name(name=name), attr=attribute):
            return Use(node.lineno, name, attribute)
    return None


def _slips(found: Iterable[tuple[nodes.Node, int]], environment: Sandbox) -> Iterator[Slip]:
    assignments = 0
    for node, loops in found:
        assignments += isinstance(node, nodes.Assign)
        problem = (
            _unknown_name(node, environment)
            or _forbidden_call(node)
            or _too_much(node, loops, assignments)
            or _not_available(node)
        )
        if problem is not None:
            yield Slip(node.lineno, problem)


def _unknown_name(node: nodes.Node, environment: Sandbox) -> str | None:
    match node:
        case nodes.Getattr(attr=attribute) if attribute.startswith("_"):
            return "names that begin with _ are not available"
        case nodes.Filter(name=name) if name not in environment.filters:
            hint = suggestion(name, filter(str.isidentifier, environment.filters))
            return f"there is no filter {name!r}; {hint}"
        case nodes.Test(name=name) if name not in environment.tests:
            return f"there is no test {name!r}; {suggestion(name, environment.tests)}"
    return None


def _forbidden_call(node: nodes.Node) -> str | None:
    match node:
        case nodes.Filter(name="money", args=[], kwargs=[]):
            return "money needs to know which: write | money(order.currency)"
        case nodes.Call() if is_gap(node):
            return _gap_problem(node)
        case nodes.Call() if not _may_be_called(node.node):
            return f"only these can be called: range, {', '.join(sorted(METHODS))}"
    return None


def _too_much(node: nodes.Node, loops: int, assignments: int) -> str | None:
    """What takes too much time or memory; `assignments` counts those up to and with this node."""
    match node:
        case nodes.Const(value=int() | float() as value) if abs(value) > LARGEST_NUMBER:
            return "this number is too large"
        case nodes.Concat(nodes=parts) | nodes.Compare(ops=parts) if len(parts) > DEEPEST_TREE:
            return TOO_COMPLICATED
        case nodes.For(recursive=True):
            return "a loop cannot be recursive"
        case nodes.For() if loops >= DEEPEST_LOOP:
            return "a loop may hold one other loop, and not more"
        case nodes.Assign() if assignments > MOST_ASSIGNMENTS:
            return f"a template may {{% set %}} {MOST_ASSIGNMENTS} names at most"
    return None


def _not_available(node: nodes.Node) -> str | None:
    if isinstance(node, ALLOWED):
        return None
    return f"{type(node).__name__.lower()} is not available in templates"


def is_gap(node: nodes.Node) -> bool:
    """Whether the node is the mark of a gap, which no message may be sent with."""
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == GAP


def _gap_problem(gap: nodes.Call) -> str:
    left = next((each.value for each in gap.args if isinstance(each, nodes.Const)), "something")
    return f"{GAP_PROBLEM}: {left}; write what belongs here in place of this mark"


def _may_be_called(node: nodes.Expr) -> bool:
    if isinstance(node, nodes.Getattr):
        return node.attr in METHODS
    return isinstance(node, nodes.Name) and node.name == "range"


def _all(node: nodes.Node, loops: int, depth: int = 0) -> Iterator[tuple[nodes.Node, int]]:
    """Every node, with the number of loops around it. RecursionError beyond DEEPEST_TREE."""
    if depth > DEEPEST_TREE:
        raise RecursionError
    yield node, loops
    if is_gap(node):
        return
    inside = loops + isinstance(node, nodes.For)
    for child in node.iter_child_nodes():
        if isinstance(child, nodes.TemplateData):
            continue
        yield from _all(child, inside, depth + 1)
