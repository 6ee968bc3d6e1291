"""One virtual clock for everything: greenlets that wait, timers that fire, and a process that sees its time."""

from outreach_tools.local.clock.virtual import Deadlock, InsideBrokeError, VirtualClock, Waiters

__all__ = ["Deadlock", "InsideBrokeError", "VirtualClock", "Waiters"]
