"""Finds, in a template or expression, names that `facts.yaml` does not declare and kinds that do not fit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from jinja2 import nodes

from outreach.adapters.validation.suggest import did_you_mean
from outreach.domain.journeys.declared_facts import FactType
from outreach_tools.checks.fact_types import ENTRY, FactTypes
from outreach_tools.checks.known_when import path_of
from outreach_tools.checks.optional_facts import Path

_ORDER = frozenset({"lt", "lteq", "gt", "gteq"})
_SAME = frozenset({"eq", "ne"})
_CONTAINS = frozenset({"in", "notin"})
_GROUP: Mapping[FactType, str] = {
    FactType.TEXT: "text",
    FactType.URL: "text",
    FactType.NUMBER: "a number",
    FactType.MONEY: "a number",
    FactType.DATE: "a time",
    FactType.MOMENT: "a time",
    FactType.YES_NO: "a yes or no",
    FactType.LIST_OF: "a list",
}
"""Types of one group can be compared."""
_A: Mapping[FactType, str] = {
    FactType.TEXT: "text",
    FactType.URL: "an address",
    FactType.NUMBER: "a number",
    FactType.MONEY: "an amount of money",
    FactType.DATE: "a day",
    FactType.MOMENT: "a date and time",
    FactType.YES_NO: "a yes or no",
    FactType.LIST_OF: "a list",
}
_RIGHT: Mapping[str, str] = {
    "text": "compare it with text between quotes",
    "a number": "compare it with a number, such as 50",
    "a time": "compare it with now, or with another day or time",
    "a yes or no": "write it alone, or with `not` before it",
    "a list": "ask for one of its entries with `in`, or for how many there are with | length",
}
_KINDS_OF_FILTERS: Mapping[str, FactType] = {
    "float": FactType.NUMBER, "int": FactType.NUMBER, "length": FactType.NUMBER, "count": FactType.NUMBER,
    "round": FactType.NUMBER, "sum": FactType.NUMBER, "wordcount": FactType.NUMBER,
    "lower": FactType.TEXT, "upper": FactType.TEXT, "trim": FactType.TEXT, "title": FactType.TEXT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slip:
    """What is wrong, and the line of the stretch it is on."""

    line: int
    what: str


@dataclass(slots=True)
class DeclaredUses:
    """Reads the stretches of one template in order, and remembers the names that loops and `set` give."""

    types: FactTypes
    _stands_for: dict[str, Path] = field(default_factory=dict)

    def of(self, tree: nodes.Node) -> Iterator[Slip]:
        """Everything that is wrong in one stretch, each once."""
        yield from dict.fromkeys(self._read(tree))

    def _read(self, node: nodes.Node) -> Iterator[Slip]:
        match node:
            case nodes.For(target=nodes.Name(name=name), iter=iterated):
                if path := self._path(iterated):
                    self._stands_for[name] = (*path, ENTRY)
            case nodes.Assign(target=nodes.Name(name=name), node=value):
                self._stands_for.pop(name, None)
                if path := self._path(value):
                    self._stands_for[name] = path
            case nodes.Getattr() | nodes.Getitem():
                yield from self._undeclared(node)
            case nodes.Compare(expr=left, ops=operands):
                for operand in operands:
                    yield from self._unfit(left, operand.op, operand.expr)
                    left = operand.expr
        for child in node.iter_child_nodes():
            yield from self._read(child)

    def _path(self, node: nodes.Node) -> Path:
        """The fact that a name is, through `or []` and the names of loops; empty for anything else."""
        if isinstance(node, nodes.Or):
            return self._path(node.left)
        path = path_of(node)
        return (*self._stands_for.get(path[0], path[:1]), *path[1:]) if path else ()

    def _undeclared(self, node: nodes.Getattr | nodes.Getitem) -> Iterator[Slip]:
        path = self._path(node)
        if path and self.types.is_undeclared(path):
            inside = shown(path[:-1])
            hint = did_you_mean(path[-1], self.types.names_at(path[:-1]))
            yield Slip(node.lineno, f"facts.yaml declares no {path[-1]} of {inside}; {hint}")

    def _unfit(self, left: nodes.Expr, operator: str, right: nodes.Expr) -> Iterator[Slip]:
        if operator in _CONTAINS:
            yield from self._unfit_entry(left, right)
            return
        for here, there in ((left, right), (right, left)):
            yield from self._impossible(here, there)
        of_left, of_right = self._kind(left), self._kind(right)
        if operator not in _ORDER | _SAME or of_left is None or of_right is None:
            return
        if _GROUP[of_left] == _GROUP[of_right]:
            if of_left is FactType.LIST_OF or (of_left is FactType.YES_NO and operator in _ORDER):
                yield Slip(left.lineno, f"{self._named(left)} is {_A[of_left]}; {_RIGHT[_GROUP[of_left]]}")
            return
        fact, kind, other, other_kind = left, of_left, right, of_right
        if not self._path(left):
            fact, kind, other, other_kind = right, of_right, left, of_left
        what = f"{self._named(fact)} is {_A[kind]}, and {self._named(other)} is {_A[other_kind]}"
        yield Slip(left.lineno, f"{what}; {_RIGHT[_GROUP[kind]]}")

    def _unfit_entry(self, entry: nodes.Expr, whole: nodes.Expr) -> Iterator[Slip]:
        if isinstance(whole, nodes.List | nodes.Tuple):
            for each in whole.items:
                yield from self._unfit(entry, "eq", each)
            return
        fact = self.types.fact(self._path(whole))
        if fact is None or fact.entry is None:
            return
        kind = self._kind(entry)
        if kind is not None and _GROUP[kind] != _GROUP[fact.entry.type]:
            what = (
                f"{self._named(whole)} is a list of {fact.entry.type}, and {self._named(entry)} is {_A[kind]}"
            )
            yield Slip(entry.lineno, f"{what}; {_RIGHT[_GROUP[fact.entry.type]]}")

    def _impossible(self, named: nodes.Expr, value: nodes.Expr) -> Iterator[Slip]:
        """A constant that is none of the values that a fact may have."""
        fact = self.types.fact(self._path(named))
        if fact is None or not fact.one_of or not isinstance(value, nodes.Const):
            return
        if isinstance(value.value, str) == isinstance(fact.one_of[0], str) and value.value not in fact.one_of:
            hint = did_you_mean(str(value.value), map(str, fact.one_of))
            yield Slip(named.lineno, f"{self._named(named)} is never {value.value!r}; {hint}")

    def _kind(self, expression: nodes.Node) -> FactType | None:
        match expression:
            case nodes.Const(value=bool()):
                return FactType.YES_NO
            case nodes.Const(value=int() | float()):
                return FactType.NUMBER
            case nodes.Const(value=str()):
                return FactType.TEXT
            case nodes.List() | nodes.Tuple():
                return FactType.LIST_OF
            case nodes.Filter(name=name) if name in _KINDS_OF_FILTERS:
                return _KINDS_OF_FILTERS[name]
            case nodes.Filter(name="default" | "d", node=nodes.Node() as node):
                return self._kind(node)
        fact = self.types.fact(self._path(expression))
        return None if fact is None else fact.type

    def _named(self, expression: nodes.Expr) -> str:
        """As its author reads it; a constant of the file is no personal data."""
        if isinstance(expression, nodes.Const):
            return repr(expression.value)
        path = self._path(expression)
        return shown(path) if path else "the other side"


def shown(path: Path) -> str:
    """A path as people read it: `event.properties.items[].price`."""
    return ".".join(path).replace(f".{ENTRY}", ENTRY)
