"""Stand-ins for `threading` and `time` whose waiting is virtual; moto's interpreter runs on them."""

import contextvars
import time
import types
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

from local_cloud.clock.virtual import VirtualClock, Waiters


class _NoLock:
    """Tasks switch only where they wait, so a lock protects nothing."""

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:  # noqa: ARG002 - threading's signature
        return True

    def release(self) -> None:
        return None

    def locked(self) -> bool:
        return False

    def __enter__(self) -> bool:
        return True

    def __exit__(self, *_: object) -> None:
        return None

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


class _NoList(list[Any]):
    """moto appends every thread it ever made to a list; here they are not kept."""

    def append(self, _item: Any, /) -> None:
        return None


def _event_type(clock: VirtualClock) -> type:
    class Event:
        def __init__(self) -> None:
            self._set = False
            self._waiters: Waiters = []

        def is_set(self) -> bool:
            return self._set

        def set(self) -> None:
            self._set = True
            clock.fire(self._waiters)

        def clear(self) -> None:
            self._set = False

        def wait(self, timeout: float | None = None) -> bool:
            return self._set or clock.park(self._waiters, timeout)

        def __deepcopy__(self, memo: dict[int, Any]) -> "Event":
            return Event()

    return Event


def _condition_type(clock: VirtualClock) -> type:
    class Condition(_NoLock):
        def __init__(self, lock: object = None) -> None:
            self._lock = lock
            self._waiters: Waiters = []

        def wait(self, timeout: float | None = None) -> bool:
            return clock.park(self._waiters, timeout)

        def wait_for(self, predicate: Callable[[], bool], timeout: float | None = None) -> bool:
            end = None if timeout is None else clock.now + timeout
            while not predicate():
                if not self.wait(None if end is None else max(0.0, end - clock.now)):
                    return predicate()
            return True

        def notify(self, n: int = 1) -> None:
            clock.fire(self._waiters, n)

        def notify_all(self) -> None:
            clock.fire(self._waiters)

    return Condition


type TaskObserver = Callable[[Any], None]


def _thread_type(clock: VirtualClock, event_type: type, started: TaskObserver) -> type:
    class Thread:
        ident = native_id = 0

        def __init__(
            self,
            group: object = None,  # noqa: ARG002 - threading's signature
            target: Callable[..., object] | None = None,
            name: str | None = None,
            args: Iterable[Any] = (),
            kwargs: Mapping[str, Any] | None = None,
            daemon: bool | None = None,
        ) -> None:
            self._target = target
            self._args = args
            self._kwargs = kwargs or {}
            self._ended = event_type()
            self._begun = False
            self.name = name
            self.daemon = daemon

        def run(self) -> None:
            if self._target is not None:
                self._target(*self._args, **self._kwargs)

        def start(self) -> None:
            self._begun = True
            started(clock.spawn(self._work, context=contextvars.copy_context()))

        def _work(self) -> None:
            try:
                self.run()
            finally:
                self._ended.set()

        def is_alive(self) -> bool:
            return self._begun and not self._ended.is_set()

        def join(self, timeout: float | None = None) -> None:
            self._ended.wait(timeout)

    return Thread


class Shims:
    """The stand-ins of one clock, and the table that says which real name each replaces."""

    def __init__(self, clock: VirtualClock, started: TaskObserver) -> None:
        import threading  # noqa: PLC0415 - the real one, to compare identities with

        event = _event_type(clock)
        condition = _condition_type(clock)
        thread = _thread_type(clock, event, started)
        module = types.ModuleType("threading")
        module.__dict__.update(
            Thread=thread,
            Event=event,
            Condition=condition,
            Lock=_NoLock,
            RLock=_NoLock,
            current_thread=lambda: types.SimpleNamespace(name="virtual", ident=0),
        )
        virtual_time = types.ModuleType("time")
        virtual_time.__dict__.update({k: v for k, v in vars(time).items() if not k.startswith("__")})
        virtual_time.__dict__["sleep"] = clock.sleep
        self._by_identity: dict[int, Any] = {
            id(threading): module,
            id(threading.Thread): thread,
            id(threading.Event): event,
            id(threading.Condition): condition,
            id(threading.Lock): _NoLock,
            id(threading.RLock): _NoLock,
            id(time): virtual_time,
        }

    def instead_of(self, name: str, value: Any) -> Any | None:
        """The stand-in for what a module holds under `name`, or None when it may stay."""
        if name == "TMP_THREADS":
            return _NoList()
        return self._by_identity.get(id(value))
