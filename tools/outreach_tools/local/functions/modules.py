"""Each function imports its own copy of the code under CodeUri, as each has a process of its own on Lambda."""

import sys
from pathlib import Path
from types import ModuleType


def _roots(code: Path) -> frozenset[str]:
    """The top-level names that can be imported from a code directory."""
    if not code.is_dir():
        return frozenset()
    files = {p.stem for p in code.iterdir() if p.suffix == ".py"}
    packages = {
        p.name for p in code.iterdir() if p.is_dir() and p.name.isidentifier() and p.name != "__pycache__"
    }
    return frozenset(files | packages)


class ModuleSet:
    """The modules of one process, put into `sys.modules` while that process runs and taken out afterwards.

    Third-party modules are shared by all: only names that the code directory offers are switched.
    """

    def __init__(self, code: Path, layers: tuple[Path, ...]) -> None:
        self._paths = [str(code), *(str(layer / "python") for layer in layers if (layer / "python").is_dir())]
        self._roots = _roots(code)
        self._own: dict[str, ModuleType] = {}
        self._outer: dict[str, ModuleType] = {}
        self._count = -1

    def enter(self) -> None:
        """Put this process's modules in place of the surrounding ones."""
        self._outer = self._take_out()
        sys.modules.update(self._own)
        sys.path[:0] = self._paths
        self._count = len(sys.modules)

    def leave(self) -> None:
        """Keep this process's modules for next time and put the surrounding ones back."""
        if len(sys.modules) == self._count:
            for name in self._own:
                del sys.modules[name]
        else:
            self._own = self._take_out()
        sys.modules.update(self._outer)
        for path in self._paths:
            sys.path.remove(path)

    def _take_out(self) -> dict[str, ModuleType]:
        names = [name for name in sys.modules if name.partition(".")[0] in self._roots]
        return {name: sys.modules.pop(name) for name in names}
