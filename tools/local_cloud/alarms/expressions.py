"""The part of CloudWatch's metric math that alarms use: operators, IF, FILL, DIFF, MAX, MIN, SUM.

A series is a list of values, oldest first, with None where there is no data point. An operation on two series
has a value only where both have one; a division by zero gives none.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from itertools import pairwise

from local_cloud.errors import TemplateError

type Values = list[float | None]
type _Operate = Callable[[float, float], float]

_OPERATORS: dict[type[ast.AST], _Operate] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Gt: lambda a, b: float(a > b),
    ast.GtE: lambda a, b: float(a >= b),
    ast.Lt: lambda a, b: float(a < b),
    ast.LtE: lambda a, b: float(a <= b),
    ast.Eq: lambda a, b: float(a == b),
    ast.NotEq: lambda a, b: float(a != b),
    ast.And: lambda a, b: float(bool(a) and bool(b)),
    ast.Or: lambda a, b: float(bool(a) or bool(b)),
}
_OVER_LISTS: dict[str, Callable[[list[float]], float]] = {"MAX": max, "MIN": min, "SUM": sum}
_LOGICAL = ((re.compile(r"&&|\bAND\b"), " and "), (re.compile(r"\|\||\bOR\b"), " or "))


class Expression:
    """One expression, parsed."""

    def __init__(self, text: str) -> None:
        self._text = text
        for pattern, word in _LOGICAL:
            text = pattern.sub(word, text)
        try:
            self._tree = ast.parse(text.strip(), mode="eval").body
        except SyntaxError as error:
            raise TemplateError(f"expression {self._text!r} cannot be parsed: {error.msg}") from None

    def names(self) -> set[str]:
        """The ids that it uses."""
        nodes = list(ast.walk(self._tree))
        called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
        return {node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called}

    def values(self, series: Mapping[str, Values], length: int) -> Values:
        """Its value for each data point.

        Raises TemplateError for what is not emulated.
        """
        return self._value(self._tree, series, length)

    def _value(self, node: ast.AST, series: Mapping[str, Values], length: int) -> Values:
        match node:
            case ast.Constant(value=int() | float() as number):
                return [float(number)] * length
            case ast.Name(id=name) if name in series:
                return series[name]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return [None if v is None else -v for v in self._value(operand, series, length)]
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return _pointwise(op, self._value(left, series, length), self._value(right, series, length))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _OPERATORS:
                return _pointwise(op, self._value(left, series, length), self._value(right, series, length))
            case ast.BoolOp(op=op, values=[first, *others]):
                result = self._value(first, series, length)
                for other in others:
                    result = _pointwise(op, result, self._value(other, series, length))
                return result
            case ast.Call(func=ast.Name(id=name), args=args):
                return self._call(name, args, series, length)
            case _:
                raise TemplateError(
                    f"expression {self._text!r}: the local cloud cannot evaluate {ast.unparse(node)}"
                )

    def _call(self, name: str, args: list[ast.expr], series: Mapping[str, Values], length: int) -> Values:
        match name, args:
            case "IF", [condition, then, otherwise]:
                which, yes, no = (self._value(arg, series, length) for arg in (condition, then, otherwise))
                return [
                    None if c is None else (y if c else n) for c, y, n in zip(which, yes, no, strict=True)
                ]
            case "FILL", [filled, ast.Name(id="REPEAT")]:
                return _repeated(self._value(filled, series, length))
            case "FILL", [filled, by]:
                pairs = zip(self._value(filled, series, length), self._value(by, series, length), strict=True)
                return [other if value is None else value for value, other in pairs]
            case "DIFF", [of]:
                steps = pairwise([None, *self._value(of, series, length)])
                return [None if a is None or b is None else b - a for a, b in steps]
            case (("MAX" | "MIN" | "SUM"), [ast.List(elts=elements)]):
                columns = zip(*(self._value(each, series, length) for each in elements), strict=True)
                return [_over(name, [v for v in column if v is not None]) for column in columns]
            case _:
                raise TemplateError(f"expression {self._text!r}: the local cloud cannot evaluate {name}()")


def _pointwise(op: ast.AST, left: Values, right: Values) -> Values:
    def operate(a: float | None, b: float | None) -> float | None:
        if a is None or b is None or (isinstance(op, ast.Div) and b == 0):
            return None
        return _OPERATORS[type(op)](a, b)

    return [operate(a, b) for a, b in zip(left, right, strict=True)]


def _repeated(values: Values) -> Values:
    result: Values = []
    for value in values:
        result.append(result[-1] if value is None and result else value)
    return result


def _over(name: str, values: list[float]) -> float | None:
    return _OVER_LISTS[name](values) if values else None
