"""The Jinja environment of templates: they can show facts, and reach nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import ChainableUndefined, StrictUndefined, Undefined
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from outreach.adapters.templates.sandbox.comparing import FORGIVING_TESTS, TESTS, Tests, key
from outreach.adapters.templates.sandbox.facts import FACT_KINDS, suggestion
from outreach.adapters.templates.sandbox.filter_sets import FILTERS, FORGIVING_FILTERS, filters_of_language
from outreach.adapters.templates.sandbox.limits import FactProblemError, bounded_range, touch
from outreach.adapters.templates.sandbox.showing import show
from outreach.adapters.templates.sandbox.sizes import NUMBERS, TIMES, alike, size_of, small

if TYPE_CHECKING:
    from jinja2.runtime import Context

    from outreach.adapters.templates.sandbox.filters import Filters

METHODS = frozenset({"upper", "lower", "title", "capitalize", "strip", "startswith", "endswith", "date"})
"""The only methods that may be called, all of them on text and times, all of them without side effect."""
LONGEST_ARGUMENT = 1000
"""Characters that a method is called with; `strip` looks for each of them at every step."""


class Missing(StrictUndefined):
    """A missing fact: every use fails, and names the facts there are."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name = str(self._undefined_name)
        if self._undefined_hint is not None:
            return self._undefined_hint
        if isinstance(self._undefined_obj, Mapping):
            return f"there is no {name!r} here; {suggestion(name, map(str, self._undefined_obj))}"
        if self._undefined_obj is None:
            return f"{name!r} was asked of something that is not known; put {{% if %}} around it"
        if isinstance(self._undefined_name, str):
            return f"nothing is called {name!r} here"
        return super()._undefined_message


class Absent(Missing):
    """A name that a mapping does not hold: false in a condition, and an error wherever it is shown."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]  # its parent never answers
        return False


class Unknown(ChainableUndefined):
    """A missing fact in an expression: false, empty, and not comparable."""

    __slots__ = ()


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja in a sandbox: no imports, no private names, no methods but `METHODS`, no mutation."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%"})
    absent: type[Undefined] = Absent
    """The value of a key that is not in a mapping, such as one of `customer.attributes`."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """In a mapping, a name is a key and never a method: `order.items` are the order's items."""
        kind = type(obj)
        if kind in FACT_KINDS and not attribute.startswith("_"):
            try:
                return getattr(obj, attribute)  # the engine's facts are data without methods
            except AttributeError:
                return self.undefined(obj=obj, name=attribute)
        if kind is dict or isinstance(obj, Mapping):
            try:
                return obj[attribute]
            except KeyError:
                return self.absent(obj=obj, name=attribute)
        if obj is None:
            return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """As `getattr`: a subscript finds keys and places, and never a method.

        The text in the brackets may be a fact, so the error does not repeat it.
        """
        touch(0)
        key(argument)
        if isinstance(obj, Mapping):
            try:
                return obj[argument]
            except (KeyError, TypeError):
                return self.absent("there is nothing of that name here")
        value = super().getitem(obj, argument)
        return self.undefined("there is nothing at that place") if isinstance(value, Undefined) else value

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Private names and methods outside the list are refused."""
        if attr.startswith("_") or (callable(value) and attr not in METHODS):
            return False
        return super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic is for numbers, and for times as far as it makes sense; joining texts is bounded."""
        touch(size_of(left) + size_of(right))
        left, right = alike(left, right)
        if operator == "+" and not isinstance(left, NUMBERS):
            return small(super().call_binop(context, operator, left, right))
        if operator != "%" and isinstance(left, (*TIMES, Undefined)):
            return super().call_binop(context, operator, left, right)
        if not (isinstance(left, NUMBERS) and isinstance(right, (*NUMBERS, Undefined))):
            raise SecurityError(f"{operator} works on numbers only")
        return small(super().call_binop(context, operator, small(left), small(right)))

    def call(self, context: Context, /, obj: Any, *arguments: Any, **options: Any) -> Any:
        """Only `range` and `METHODS` get here, and only while there is work left."""
        given = [*arguments, *options.values()]
        if any(size_of(each) > LONGEST_ARGUMENT for each in given):
            raise FactProblemError(f"a method takes up to {LONGEST_ARGUMENT} characters")
        touch(size_of(getattr(obj, "__self__", None)) + sum(map(size_of, given)))
        return small(super().call(context, obj, *arguments, **options))


@lru_cache(maxsize=64)
def sandbox(language: str, *, html: bool) -> Sandbox:
    """The environment for templates in `language`; `html` escapes every value shown."""
    return _build(
        Missing, html=html, finalize=show, filters={**FILTERS, **filters_of_language(language)}, tests=TESTS
    )


@lru_cache(maxsize=1)
def parts_sandbox() -> Sandbox:
    """The environment in which parts are filled in when a message is loaded."""
    return _build(Missing, html=True, finalize=show, filters=FILTERS, tests=TESTS)


@lru_cache(maxsize=1)
def expression_sandbox() -> Sandbox:
    """The environment for `if:`, `unless:` and `until:`."""
    environment = _build(Unknown, html=False, finalize=None, filters=FORGIVING_FILTERS, tests=FORGIVING_TESTS)
    environment.absent = Unknown
    return environment


def _build(
    undefined: type[Undefined],
    *,
    html: bool,
    finalize: Callable[[object], object] | None,
    filters: Filters,
    tests: Tests,
) -> Sandbox:
    environment = Sandbox(
        autoescape=html, undefined=undefined, finalize=finalize, keep_trailing_newline=True, optimized=False
    )
    environment.globals = {"range": bounded_range}
    environment.filters = dict(filters)
    environment.tests = dict(tests)
    return environment
