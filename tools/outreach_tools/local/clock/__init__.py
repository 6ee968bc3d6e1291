"""One virtual clock for everything: tasks that wait, timers that fire, a process that sees its time."""

from outreach_tools.local.clock.virtual import Deadlock, InsideBrokeError, VirtualClock, Waiters

__all__ = ["Deadlock", "InsideBrokeError", "VirtualClock", "Waiters"]
