"""A virtual clock: tasks are greenlets on one thread; when all of them wait, time jumps to the next timer."""

import contextvars
import heapq
import itertools
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import greenlet  # type: ignore[import-untyped] # it has no stubs of its own
import time_machine


class DeadlockError(RuntimeError):
    """The main program waits for something that no remaining task can cause."""


class InsideBrokeError(RuntimeError):
    """The local cloud itself raised an error: a defect of the local cloud, not of the handlers."""


class _Waiter:
    """One parked task; it is woken exactly once, by `fire` or by its timer."""

    __slots__ = ("fired", "task", "timed_out")

    def __init__(self, task: greenlet.greenlet) -> None:
        self.task = task
        self.fired = False
        self.timed_out = False

    @property
    def done(self) -> bool:
        return self.fired or self.timed_out or self.task.dead


type Waiters = list[_Waiter]
type _Entry = tuple[float, int, _Waiter | Callable[[], object]]


def _nothing() -> None:
    return None


class VirtualClock:
    """Seconds since the epoch; they change only on request, and never backwards."""

    def __init__(self, start: datetime) -> None:
        self._now = start.timestamp()
        self._hub = greenlet.getcurrent()
        self._ready: deque[greenlet.greenlet] = deque()
        self._timers: list[_Entry] = []
        self._order = itertools.count()
        self._failures: list[BaseException] = []
        self._travel = time_machine.travel(start.astimezone(ZoneInfo("UTC")), tick=False)
        self._coordinates: Any = None
        # Called before a task is parked; its result is called when the task goes on. The runtime of the
        # functions uses it to take a sleeping handler's process out of the way of the others.
        self.around_park: Callable[[], Callable[[], None]] = lambda: _nothing

    def start(self) -> None:
        """Freeze the process's time at the start."""
        self._coordinates = self._travel.start()

    def stop(self) -> None:
        """Give the process its real time back and drop every task that still waits."""
        self._travel.stop()
        self._timers.clear()
        self._ready.clear()

    @property
    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        return self._now

    @property
    def now_as_datetime(self) -> datetime:
        return datetime.fromtimestamp(self._now, UTC)

    # --- tasks

    def spawn(
        self,
        work: Callable[[], object],
        *,
        context: contextvars.Context | None = None,
    ) -> greenlet.greenlet:
        """Run `work` as a task of its own, soon; in an empty context unless one is given."""

        def run() -> None:
            try:
                work()
            except greenlet.GreenletExit:
                pass
            except BaseException as error:  # noqa: BLE001 - kept, and raised again to the caller
                self._failures.append(error)

        task = greenlet.greenlet(run, parent=self._hub)
        if context is not None:
            task.gr_context = context
        self._ready.append(task)
        return task

    def call_at(self, when: float, work: Callable[[], object]) -> None:
        """Run `work` as a task at `when` (seconds since the epoch), at once when that is past."""
        heapq.heappush(self._timers, (max(when, self._now), next(self._order), work))

    def call_in(self, seconds: float, work: Callable[[], object]) -> None:
        """Run `work` as a task after so many virtual seconds."""
        self.call_at(self._now + seconds, work)

    def park(self, waiters: Waiters | None, timeout: float | None) -> bool:
        """Block the current task until it is fired (True) or `timeout` seconds have passed (False)."""
        waiter = _Waiter(greenlet.getcurrent())
        if waiters is not None:
            waiters.append(waiter)
        if timeout is not None:
            heapq.heappush(self._timers, (self._now + max(0.0, timeout), next(self._order), waiter))
        resume = self.around_park()
        try:
            if waiter.task is self._hub:
                self._run_hub_until_done(waiter)
            else:
                self._hub.switch()
        finally:
            resume()
            if waiters is not None and waiter in waiters:
                waiters.remove(waiter)
        return waiter.fired

    def fire(self, waiters: Waiters, count: int | None = None) -> None:
        """Wake the first `count` waiters, or all of them."""
        batch = waiters[:count]
        del waiters[:count]
        for waiter in batch:
            if not waiter.done:
                waiter.fired = True
                if waiter.task is not self._hub:
                    self._ready.append(waiter.task)

    def sleep(self, seconds: float) -> None:
        """Block the current task for so many virtual seconds."""
        self.park(None, seconds)

    def kill(self, task: greenlet.greenlet) -> None:
        """End a parked task by raising inside it; a finished one and the caller stay unchanged."""
        if task.dead or task is greenlet.getcurrent():
            return
        if not task:
            # Never started: it has no frame to unwind, so it only has to leave the queue.
            if task in self._ready:
                self._ready.remove(task)
            return
        here = greenlet.getcurrent()
        task.parent = here
        task.throw(greenlet.GreenletExit)

    # --- moving

    def settle(self) -> None:
        """Run everything that is due now, without moving time."""
        self.run_until(self._now)

    def run_until(self, when: float) -> None:
        """Run everything due up to `when` in order of time, then stop there."""
        while self._step(when):
            pass
        self._move_to(when)
        self._raise_failures()

    def _run_hub_until_done(self, waiter: _Waiter) -> None:
        while not (waiter.fired or waiter.timed_out):
            if not self._step(None):
                raise DeadlockError(
                    "the main program waits for something, but nothing is left to run or to fire"
                )

    def _step(self, until: float | None) -> bool:
        if self._ready:
            task = self._ready.popleft()
            if not task.dead:
                task.switch()
            return True
        while self._timers:
            when, _, entry = self._timers[0]
            if isinstance(entry, _Waiter) and entry.done:
                heapq.heappop(self._timers)
                continue
            if until is not None and when > until:
                return False
            heapq.heappop(self._timers)
            self._move_to(when)
            if isinstance(entry, _Waiter):
                entry.timed_out = True
                if entry.task is not self._hub:
                    self._ready.append(entry.task)
            else:
                self.spawn(entry)
            return True
        return False

    def _move_to(self, when: float) -> None:
        if when > self._now:
            self._now = when
            self._coordinates.move_to(when)

    def _raise_failures(self) -> None:
        if self._failures:
            first = self._failures[0]
            self._failures.clear()
            raise InsideBrokeError(
                f"the local cloud itself failed: {type(first).__name__}: {first}"
            ) from first
