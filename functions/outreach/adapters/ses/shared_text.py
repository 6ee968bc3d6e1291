"""Finds the common lines of many texts, so that they are sent once."""

from collections.abc import Iterable, Sequence
from itertools import groupby

type Columns = Iterable[tuple[str, ...]]


def shared_lines(texts: Sequence[str]) -> list[str | tuple[str, ...]]:
    """Pieces of the texts: one that all share, or a tuple with each text's own.

    Joined in order, they give each text back to the character. Lines are compared place by place, from the
    top and from the bottom; everything between (such as a list of different lengths) is each text's own.
    """
    lines = [text.splitlines(keepends=True) for text in texts]
    top = _shared_reach(zip(*lines, strict=False))
    rest = [each[top:] for each in lines]
    bottom = _shared_reach(zip(*map(reversed, rest), strict=False))
    middle = tuple("".join(each[: len(each) - bottom]) for each in rest)
    tails = [each[len(each) - bottom :] for each in rest]
    columns = [*zip(*(each[:top] for each in lines), strict=True), middle, *zip(*tails, strict=True)]
    return [_piece(list(group)) for _, group in groupby(columns, _is_shared)]


def _shared_reach(columns: Columns) -> int:
    """The number of places from the edge to the last one that all share."""
    return max((place for place, column in enumerate(columns, 1) if _is_shared(column)), default=0)


def _is_shared(column: tuple[str, ...]) -> bool:
    return column.count(column[0]) == len(column)


def _piece(columns: Sequence[tuple[str, ...]]) -> str | tuple[str, ...]:
    if _is_shared(columns[0]):
        return "".join(column[0] for column in columns)
    return tuple(map("".join, zip(*columns, strict=True)))
