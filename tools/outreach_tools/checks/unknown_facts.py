"""Finds facts that are shown, compared or calculated with although not every customer has them.

It follows conditions as a reader does: inside `{% if order.url %}`, and after `or`, the fact is known. So it
checks branches that no sample ever takes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from jinja2 import nodes

from outreach_tools.checks.fact_types import ENTRY, FactTypes
from outreach_tools.checks.known_when import NOTHING, Paths, path_of, when_false, when_true
from outreach_tools.checks.optional_facts import Path, may_be_missing

_ORDERING = frozenset({"lt", "lteq", "gt", "gteq", "in", "notin"})
_DEFAULTS = frozenset({"default", "d"})


@dataclass(frozen=True, slots=True)
class UnknownFact:
    """A fact that is used where it may be missing, and the line of the stretch it is on."""

    line: int
    path: Path
    is_declared: bool = False

    @property
    def what(self) -> str:
        """What is wrong and what would be right."""
        fact = ".".join(self.path)
        if len(self.path) == 1:
            missing = f"not every customer of this campaign has {_article(fact)} {fact}"
            return f"{missing}; put {{% if {fact} %}} around it"
        right = f'{{{{ {fact} or "..." }}}}, or put {{% if {fact} %}} around it'
        if self.is_declared:
            return f"{fact} may be missing: facts.yaml has no required and no default for it; write {right}"
        return f"{fact} is not known of every customer; write {right}"


@dataclass(slots=True)
class UnknownFacts:
    """Reads the stretches of one template in order, and remembers the names that it sets."""

    campaign_key: str
    types: FactTypes = field(default_factory=FactTypes)
    _entries: dict[str, Path] = field(default_factory=dict)
    """What the names of loops over declared lists stand for."""
    _aliases: dict[str, nodes.Expr] = field(default_factory=dict)
    _missing: dict[str, bool] = field(default_factory=dict)
    _kinds: dict[str, str] = field(default_factory=dict)
    _found: list[UnknownFact] = field(default_factory=list)

    def of(self, tree: nodes.Template) -> Iterator[UnknownFact]:
        """What is used without being known in one stretch."""
        self._found = []
        self._body(tree.body, NOTHING)
        yield from dict.fromkeys(self._found)

    def _body(self, body: list[nodes.Node], known: Paths) -> None:
        for node in body:
            self._statement(node, known)

    def _statement(self, node: nodes.Node, known: Paths) -> None:
        match node:
            case nodes.Output(nodes=shown):
                for each in shown:
                    self._wanted(each, known)
            case nodes.If(test=test, body=body, elif_=others, else_=otherwise):
                for condition, inside in ((test, body), *((other.test, other.body) for other in others)):
                    self._value(condition, known)
                    self._body(inside, known | when_true(condition, self._aliases))
                    known |= when_false(condition, self._aliases)
                self._body(otherwise, known)
            case nodes.For(target=target, iter=iterated, body=body, else_=otherwise, test=test):
                self._wanted(iterated, known)
                self._bind(target, iterated)
                inside_known = known | (when_true(test, self._aliases) if test else NOTHING)
                self._body(body, inside_known)
                self._body(otherwise, known)
            case nodes.Assign(target=nodes.Name(name=name), node=nodes.Expr() as value):
                self._missing[name] = self._value(value, known)
                self._aliases[name] = value
            case nodes.FilterBlock(body=body):
                self._body(body, known)
            case _:
                pass

    def _bind(self, target: nodes.Node, iterated: nodes.Node) -> None:
        listed = self._stands_for(path_of(iterated.left if isinstance(iterated, nodes.Or) else iterated))
        if isinstance(target, nodes.Name) and listed == ("order", "items"):
            self._kinds[target.name] = "item of an order"
        elif isinstance(target, nodes.Name) and self.types.declared_at(listed) is not None:
            self._entries[target.name] = (*listed, ENTRY)

    def _stands_for(self, path: Path) -> Path:
        return (*self._entries.get(path[0], path[:1]), *path[1:]) if path else ()

    def _wanted(self, expression: nodes.Node, known: Paths) -> None:
        """A place in which a value is needed."""
        if self._value(expression, known):
            path = self._culprit(expression)
            is_declared = self.types.declared_at(self._stands_for(path)) is not None
            self._found.append(UnknownFact(expression.lineno, path, is_declared))

    def _culprit(self, expression: nodes.Node) -> Path:
        match expression:
            case nodes.Or(right=right):
                return self._culprit(right)
            case nodes.Filter(name=name, args=[instead, *_]) if name in _DEFAULTS:
                return self._culprit(instead)
            case nodes.Filter(node=nodes.Node() as node):
                return self._culprit(node)
            case nodes.Name(name=name) if name in self._aliases:
                return self._culprit(self._aliases[name])
        named = path_of(expression)
        inside = (path_of(each) for each in expression.find_all((nodes.Getattr, nodes.Name)))
        return named or next((path for path in inside if self._optional(path)), ("it",))

    def _optional(self, path: Path) -> bool:
        declared = self.types.declared_at(self._stands_for(path))
        if declared is not None:
            return not declared.is_always_known
        return bool(path) and may_be_missing(path, self._kinds, self.campaign_key)

    def _value(self, expression: nodes.Node, known: Paths) -> bool:
        """Whether the expression may be missing; collects all facts needed on the way."""
        match expression:
            case nodes.Name(name=name):
                return (name,) not in known and (self._missing.get(name, False) or self._optional((name,)))
            case nodes.Getattr(node=node) | nodes.Getitem(node=node):
                self._wanted(node, known)
                path = path_of(expression)
                return path not in known and self._optional(path)
            case nodes.Or(left=left, right=right):
                self._value(left, known)
                return self._value(right, known | when_false(left, self._aliases))
            case nodes.And(left=left, right=right):
                first = self._value(left, known)
                return self._value(right, known | when_true(left, self._aliases)) or first
            case nodes.CondExpr(test=test, expr1=then, expr2=otherwise):
                self._value(test, known)
                first = self._value(then, known | when_true(test, self._aliases))
                unknown = known | when_false(test, self._aliases)
                return (otherwise is not None and self._value(otherwise, unknown)) or first
            case nodes.Filter(node=nodes.Node() as node, name=name, args=arguments):
                if name not in _DEFAULTS:
                    self._wanted(node, known)
                    self._each_wanted(arguments, known)
                    return False
                self._value(node, known)
                return bool(arguments) and self._value(arguments[0], known)
            case nodes.Test(node=node) | nodes.Not(node=node):
                self._value(node, known)
            case nodes.Compare():
                self._compared(expression, known)
            case nodes.Call(node=nodes.Getattr(node=node), args=arguments):
                self._each_wanted([node, *arguments], known)
            case _:
                self._each_wanted(list(expression.iter_child_nodes()), known)
        return False

    def _compared(self, comparison: nodes.Compare, known: Paths) -> None:
        """An order needs both sides; whether two are the same can be asked of nothing, too."""
        sides = [comparison.expr, *(operand.expr for operand in comparison.ops)]
        if any(operand.op in _ORDERING for operand in comparison.ops):
            self._each_wanted(sides, known)
            return
        for side in sides:
            self._value(side, known)

    def _each_wanted(self, expressions: list[nodes.Expr] | list[nodes.Node], known: Paths) -> None:
        for expression in expressions:
            self._wanted(expression, known)


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"
