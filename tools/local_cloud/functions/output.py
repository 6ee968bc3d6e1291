"""What handlers print and log goes into the cloud's log and not onto the terminal."""

import io
import logging
import sys
from typing import TYPE_CHECKING, override

if TYPE_CHECKING:
    from collections.abc import Callable


class FunctionOutput(io.TextIOBase):
    """A text stream that passes on complete lines while a handler runs, and is the real stream otherwise.

    Loggers keep the stream they were made with, in whichever cloud that was, so there is one for the process.
    """

    def __init__(self) -> None:
        self._partial = ""
        self.sink: Callable[[str], None] | None = None

    @override
    def write(self, text: str, /) -> int:
        if self.sink is None:
            real = sys.__stdout__
            return 0 if real is None else real.write(text)
        *lines, self._partial = (self._partial + text).split("\n")
        for line in lines:
            self.sink(line)
        return len(text)

    @override
    def writable(self) -> bool:
        return True

    def end(self) -> None:
        """Pass on what has no line end yet."""
        if self._partial and self.sink is not None:
            self.sink(self._partial)
        self._partial = ""


def adopt_loggers(output: FunctionOutput) -> None:
    """Have Powertools' loggers write to `output`, also those that were made before the cloud.

    Loggers belong to the interpreter, not to a function: the first module that requests one decides where it
    writes, and a test that imported a handler by itself would keep its lines out of the cloud's log.
    """
    for made in logging.root.manager.loggerDict.values():
        if not getattr(made, "init", False):
            continue
        for handler in getattr(made, "handlers", ()):
            if isinstance(handler, logging.StreamHandler) and handler.stream is not output:
                handler.setStream(output)


OUTPUT = FunctionOutput()
