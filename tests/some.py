"""For loops whose body asserts: a loop over nothing would pass and prove nothing."""

from collections.abc import Iterable


def some[Item](items: Iterable[Item]) -> list[Item]:
    """The items, of which there must be at least one."""
    found = list(items)
    assert found, "there is nothing to loop over, so the loop would prove nothing"
    return found
