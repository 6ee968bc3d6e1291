"""Bounds on what a template may do, so that no words, however wrong, can exhaust a function."""

from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from functools import wraps
from time import monotonic, thread_time
from typing import Any

MOST_ROUNDS = 500
"""Rounds of one loop."""
ROUNDS_IN_ALL = 10_000
"""Rounds of all loops of one e-mail, the rounds of loops inside loops included."""
SECONDS = 1.0
"""Work of the processor for one e-mail. An honest one takes a ten-thousandth of it; the rest is room.

It is the thread's own time: a function that is frozen, or a machine with other work, uses up nothing of it.
"""
LONGEST_VALUE = 20_000
"""Characters, or entries, of any value made inside a template."""
LARGEST_NUMBER = 10**18
LARGEST_EMAIL = 500_000
"""Characters of one rendered part. Gmail cuts a message off after 102 KB; the checker warns long before."""
TOO_LONG = f"the message is longer than {LARGEST_EMAIL} characters"
LARGEST_SOURCE = 200_000
"""Characters of one template file."""
DEEPEST_MARKUP = 60
"""Elements and blocks inside each other; real messages have a dozen."""
MOST_NODES = 20_000
"""Elements, texts and tags of one message with all its parts filled in; real messages have a few hundred."""


class FactProblem(Exception):  # noqa: N818 - it names what is wrong
    """A fact that cannot be used in this way; the text never holds the fact's value."""


class _Meter:
    """What one e-mail may still use up."""

    __slots__ = ("rounds", "until", "work_until")

    def __init__(self) -> None:
        self.rounds = ROUNDS_IN_ALL
        self.until = monotonic() + SECONDS
        self.work_until = thread_time() + SECONDS


_METER: ContextVar[_Meter] = ContextVar("template meter")


def start_meter() -> None:
    """Begin to count: what is rendered next has all its rounds and seconds before it."""
    _METER.set(_Meter())


def spend(rounds: int = 0) -> None:
    """Count rounds, and look at the clock; FactProblem when either is used up."""
    meter = _METER.get()
    meter.rounds -= rounds
    if meter.rounds < 0:
        raise FactProblem(f"all loops together go up to {ROUNDS_IN_ALL} rounds here")
    # A thread cannot work longer than the clock runs, and asking the clock costs a tenth of asking for that.
    if monotonic() > meter.until and thread_time() > meter.work_until:
        raise FactProblem(f"this takes more than {SECONDS:g} second of work")


def timed[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """The same function, refused once the time is over."""

    @wraps(function)
    def in_time(*arguments: P.args, **options: P.kwargs) -> R:
        spend()
        return function(*arguments, **options)

    return in_time


def bounded_range(*arguments: int) -> range:
    """`range`, refused beyond MOST_ROUNDS."""
    numbers = range(*arguments)
    if len(numbers) > MOST_ROUNDS:
        raise FactProblem(f"range() goes up to {MOST_ROUNDS} rounds here")
    return numbers


def rounds(values: Any) -> Iterable[Any]:
    """What a loop goes over; FactProblem after MOST_ROUNDS, or when all loops together are too long."""
    if hasattr(values, "__len__"):
        if len(values) > MOST_ROUNDS:
            raise FactProblem(f"a loop goes up to {MOST_ROUNDS} rounds here")
        spend(len(values))
        bounded: Iterable[Any] = values
        return bounded
    return _counted(values)


def _counted(values: Iterable[Any]) -> Iterator[Any]:
    for count, value in enumerate(values):
        if count >= MOST_ROUNDS:
            raise FactProblem(f"a loop goes up to {MOST_ROUNDS} rounds here")
        spend(1)
        yield value


def small(value: Any) -> Any:
    """The value itself; FactProblem when it is longer than LONGEST_VALUE, or a number nobody reckons with."""
    if isinstance(value, int | float):
        if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
            raise FactProblem("a number made here is too large")
    elif hasattr(value, "__len__") and len(value) > LONGEST_VALUE:
        raise FactProblem(f"a value made here is longer than {LONGEST_VALUE} characters")
    return value
