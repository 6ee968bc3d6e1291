"""Limits on what a template may do, so that no template, however wrong, can exhaust a function.

They count work and not time, so a template is refused on every machine or on none.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_ROUNDS = 500
"""Rounds of one loop."""
ROUNDS_IN_ALL = 10_000
"""Rounds of all loops of one e-mail, the rounds of loops inside loops included."""
MOST_WORK = 200_000
"""Units of work for one e-mail. A shipped message takes fewer than a hundred; the rest is room.

A round of a loop is 1 unit, and 1 more for each 100 nodes and characters in its body; an operator, filter or
test is 1, and 1 more for each 100 characters or 10 entries that it touches. All of it takes one processor of
2026 a second or two, whatever it is spent on."""
TOUCHED_PER_UNIT = 100
"""Characters that one unit of work may touch."""
OF_AN_ENTRY = 10
"""Characters that take as long as one entry of a list."""
LONGEST_VALUE = 20_000
"""Characters of any text made inside a template, or entries of a list with all that its entries hold."""
LARGEST_NUMBER = 10**18
LARGEST_EMAIL = 500_000
"""Characters of one rendered part. Gmail cuts a message off after 102 KB; the checker warns long before."""
TOO_LONG = f"the message is longer than {LARGEST_EMAIL} characters"
LARGEST_SOURCE = 200_000
"""Characters of one template file."""
DEEPEST_MARKUP = 60
"""Nesting of elements and blocks; real messages have a dozen."""
MOST_NODES = 20_000
"""Elements, texts and tags of one message with all its parts filled in; real messages have a few hundred."""


class FactProblemError(Exception):
    """A fact that cannot be used in this way; the text never holds the fact's value."""


class _Meter:
    """The work that is left for one e-mail."""

    __slots__ = ("rounds", "work")

    def __init__(self) -> None:
        self.rounds = ROUNDS_IN_ALL
        self.work = MOST_WORK


_METER: ContextVar[_Meter] = ContextVar("template meter")


def start_meter() -> None:
    """Begin to count: the next rendering has all its rounds and work before it."""
    _METER.set(_Meter())


def work_done() -> int:
    """Units of work since the meter was started."""
    return MOST_WORK - _METER.get().work


def spend(work: int = 1) -> None:
    """Count units of work; FactProblemError when they are used up."""
    meter = _METER.get()
    meter.work -= work
    if meter.work < 0:
        raise FactProblemError(
            f"this takes more than {MOST_WORK} units of work: make less of loops and long texts"
        )


def touch(size: int) -> None:
    """Count an operator or filter that touches `size` characters, an entry as OF_AN_ENTRY."""
    spend(1 + size // TOUCHED_PER_UNIT)


def bounded_range(*arguments: int) -> range:
    """`range`, refused beyond MOST_ROUNDS."""
    numbers = range(*arguments)
    if len(numbers) > MOST_ROUNDS:
        raise FactProblemError(f"range() goes up to {MOST_ROUNDS} rounds here")
    return numbers


def rounds(values: Any, work: int = 1) -> Iterable[Any]:
    """The entries that a loop goes over, each round at `work` units.

    Raises FactProblemError after MOST_ROUNDS, or when all loops together are too long.
    """
    if hasattr(values, "__len__"):
        if len(values) > MOST_ROUNDS:
            raise FactProblemError(f"a loop goes up to {MOST_ROUNDS} rounds here")
        _spend_rounds(len(values), work)
        bounded: Iterable[Any] = values
        return bounded
    return _counted(values, work)


def _counted(values: Iterable[Any], work: int) -> Iterator[Any]:
    for count, value in enumerate(values):
        if count >= MOST_ROUNDS:
            raise FactProblemError(f"a loop goes up to {MOST_ROUNDS} rounds here")
        _spend_rounds(1, work)
        yield value


def _spend_rounds(count: int, work: int) -> None:
    meter = _METER.get()
    meter.rounds -= count
    if meter.rounds < 0:
        raise FactProblemError(f"all loops together go up to {ROUNDS_IN_ALL} rounds here")
    spend(count * work)
