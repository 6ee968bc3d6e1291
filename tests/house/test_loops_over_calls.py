"""A loop that asserts something of recorded calls asserts that there were some: see `tests/some.py`."""

import ast
import re
from collections.abc import Iterator

from stack_files import ROOT

_RECORDED = re.compile(r"\b(?:calls|calls_\w+|outbox)\b")


def loops_that_assert(source: str) -> Iterator[str]:
    """What each such loop goes over, as code."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.For) and any(isinstance(each, ast.Assert) for each in ast.walk(node)):
            yield ast.unparse(node.iter)


def proves_nothing(loop: str) -> bool:
    """Whether it goes over recorded calls or messages without `some`."""
    return _RECORDED.search(loop) is not None and "some(" not in loop


def test_a_loop_over_recorded_calls_asserts_that_there_were_some() -> None:
    loops = [
        (path.name, loop)
        for path in (ROOT / "tests").rglob("*.py")
        for loop in loops_that_assert(path.read_text())
    ]
    assert len(loops) > 100
    assert [(name, loop) for name, loop in loops if proves_nothing(loop)] == []


def test_a_loop_without_some_is_found() -> None:
    (loop,) = loops_that_assert("for call in shop.calls:\n    assert call\n")
    assert proves_nothing(loop)
    assert not proves_nothing("some(shop.calls)")
