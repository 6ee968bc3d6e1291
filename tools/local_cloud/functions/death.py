"""How a function's process ends without a chance for the handler to react."""

from enum import StrEnum


class Death(StrEnum):
    """Why a process ended; the value is the error type that Lambda reports."""

    EXIT = "Runtime.ExitError"
    TIMEOUT = "Sandbox.Timedout"


class ProcessDied(BaseException):
    """Unwinds a handler whose process is gone; `except Exception` cannot swallow a BaseException."""

    def __init__(self, death: Death) -> None:
        super().__init__(death.value)
        self.death = death
