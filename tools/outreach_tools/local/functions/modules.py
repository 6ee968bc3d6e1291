"""Each process imports its own copy of the code under CodeUri, as on Lambda."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType


def _roots(code: Path) -> frozenset[str]:
    """The top-level names that can be imported from a code directory."""
    if not code.is_dir():
        return frozenset()
    files = {p.stem for p in code.iterdir() if p.suffix == ".py"}
    packages = {p.name for p in code.iterdir() if p.is_dir() and p.name.isidentifier()}
    return frozenset((files | packages) - {"__pycache__"})


class ModuleSet:
    """The modules of one process, put into `sys.modules` while that process runs and taken out afterwards.

    Third-party modules are shared by all: only names that the code directory offers are switched. Going
    through all of `sys.modules` costs more than most handlers, so that waits until its length has changed.
    """

    def __init__(self, code: Path, layers: tuple[Path, ...]) -> None:
        self._paths = [str(code), *(str(layer / "python") for layer in layers if (layer / "python").is_dir())]
        self._roots = _roots(code)
        self._own: dict[str, ModuleType] = {}
        self._outer: dict[str, ModuleType] = {}
        self._outer_names: list[str] = []
        self._length_outside = -1
        self._length_inside = -1

    def enter(self) -> None:
        """Put this process's modules in place of the surrounding ones."""
        if len(sys.modules) != self._length_outside:
            self._length_outside = len(sys.modules)
            self._outer_names = self._switched_names()
        self._outer = {name: sys.modules.pop(name) for name in self._outer_names}
        sys.modules.update(self._own)
        sys.path[:0] = self._paths
        self._length_inside = len(sys.modules)

    def leave(self) -> None:
        """Keep this process's modules for next time and put the surrounding ones back."""
        names = list(self._own) if len(sys.modules) == self._length_inside else self._switched_names()
        self._own = {name: sys.modules.pop(name) for name in names}
        sys.modules.update(self._outer)
        for path in self._paths:
            sys.path.remove(path)

    def _switched_names(self) -> list[str]:
        return [name for name in sys.modules if name.partition(".")[0] in self._roots]
