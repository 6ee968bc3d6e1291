"""Bounds on what a template may do, so that no words, however wrong, can exhaust a function."""

from collections.abc import Iterable, Iterator
from typing import Any

MOST_ROUNDS = 500
"""Rounds of one loop. Loops may be nested once, so a template makes 250,000 rounds at most."""
LONGEST_VALUE = 100_000
"""Characters of any value made inside a template."""
LARGEST_EMAIL = 500_000
"""Characters of one rendered part. Gmail cuts a message off after 102 KB; the checker warns long before."""


class FactProblem(Exception):  # noqa: N818 - it names what is wrong
    """A fact that cannot be used in this way; the text never holds the fact's value."""


def bounded_range(*arguments: int) -> range:
    """`range`, refused beyond MOST_ROUNDS."""
    numbers = range(*arguments)
    if len(numbers) > MOST_ROUNDS:
        raise FactProblem(f"range() goes up to {MOST_ROUNDS} rounds here")
    return numbers


def rounds(values: Any) -> Iterable[Any]:
    """What a loop goes over; FactProblem after MOST_ROUNDS."""
    if hasattr(values, "__len__"):
        if len(values) > MOST_ROUNDS:
            raise FactProblem(f"a loop goes up to {MOST_ROUNDS} rounds here")
        bounded: Iterable[Any] = values
        return bounded
    return _counted(values)


def _counted(values: Iterable[Any]) -> Iterator[Any]:
    for count, value in enumerate(values):
        if count >= MOST_ROUNDS:
            raise FactProblem(f"a loop goes up to {MOST_ROUNDS} rounds here")
        yield value


def small(value: Any) -> Any:
    """The value itself; FactProblem when it is longer than LONGEST_VALUE."""
    if hasattr(value, "__len__") and len(value) > LONGEST_VALUE:
        raise FactProblem(f"a value made here is longer than {LONGEST_VALUE} characters")
    return value
