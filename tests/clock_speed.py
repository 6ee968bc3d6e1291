"""Shows that no test rests on how fast a machine is: its clocks run at another speed.

To a program, clocks at double speed are a machine at half speed, and the other way round.
"""

import os
import time
from collections.abc import Callable

VARIABLE = "OUTREACH_CLOCK_SPEED"
"""How many seconds the clocks show for each that passes, such as 0.5 or 2."""
SPAN_CLOCKS = ("monotonic", "perf_counter", "process_time", "thread_time")
"""What Python measures spans of time with; the time of day is none of them."""


def at_speed[N: (int, float)](read: Callable[[], N], speed: float) -> Callable[[], N]:
    """The same clock, which runs `speed` times as fast from now on."""
    began = read()
    return lambda: began + type(began)((read() - began) * speed)


def run_clocks_at_the_speed_asked_for() -> None:
    """What VARIABLE says; nothing is changed without it. Call it before anything else takes a clock."""
    speed = float(os.environ.get(VARIABLE, "1"))
    if speed == 1:
        return
    for name in (*SPAN_CLOCKS, *(f"{each}_ns" for each in SPAN_CLOCKS)):
        setattr(time, name, at_speed(getattr(time, name), speed))
    sleep = time.sleep
    time.sleep = lambda seconds: sleep(seconds / speed)
