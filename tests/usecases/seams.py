"""The places between two calls of ports: where a process may crash, or a rival may be faster."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any


class CrashError(BaseException):
    """The process is gone. No `except Exception` may catch it."""


class Phase(StrEnum):
    BEFORE = "before"
    """The call was not made."""
    AFTER = "after"
    """The call was made, and its answer lost."""


class Seams:
    """Counts every call of the ports it wraps, and lets something happen at one of them."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self._plans: dict[tuple[int, Phase], Callable[[], object]] = {}
        self._named: dict[tuple[str, Phase], Callable[[], object]] = {}

    def at(self, number: int, phase: Phase, happening: Callable[[], object]) -> None:
        """Let it happen once, at the call of that number, counted from 0."""
        self._plans[number, phase] = happening

    def at_next(self, call: str, phase: Phase, happening: Callable[[], object]) -> None:
        """Let it happen once, at the next call of that name, such as `save`."""
        self._named[call, phase] = happening

    @property
    def is_pending(self) -> bool:
        """Whether something planned has not happened yet."""
        return bool(self._plans or self._named)

    def around[Port](self, port: Port) -> Port:
        watched: Any = _Watched(port, self)
        return watched  # type: ignore[no-any-return]  # it has every method of the port

    def meet(self, number: int, call: str, phase: Phase) -> None:
        for happening in (self._plans.pop((number, phase), None), self._named.pop((call, phase), None)):
            if happening is not None:
                happening()


class _Watched:
    def __init__(self, port: Any, seams: Seams) -> None:
        self._port = port
        self._seams = seams

    def __getattr__(self, call: str) -> Callable[..., Any]:
        method = getattr(self._port, call)

        def watched(*arguments: Any, **named: Any) -> Any:
            number = len(self._seams.calls)
            self._seams.calls.append(call)
            self._seams.meet(number, call, Phase.BEFORE)
            answer = method(*arguments, **named)
            self._seams.meet(number, call, Phase.AFTER)
            return answer

        return watched


def crash() -> None:
    raise CrashError
