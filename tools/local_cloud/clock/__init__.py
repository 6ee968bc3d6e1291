"""One virtual clock for everything: tasks that wait, timers that fire, a process that sees its time."""

from local_cloud.clock.virtual import DeadlockError, InsideBrokeError, VirtualClock, Waiters

__all__ = ["DeadlockError", "InsideBrokeError", "VirtualClock", "Waiters"]
