"""Each process imports its own copy of the code under CodeUri, as on Lambda."""

import sys
from pathlib import Path
from types import ModuleType
from typing import ClassVar


def _roots(code: Path) -> frozenset[str]:
    """The top-level names that can be imported from a code directory."""
    if not code.is_dir():
        return frozenset()
    files = {p.stem for p in code.iterdir() if p.suffix == ".py"}
    packages = {p.name for p in code.iterdir() if p.is_dir() and p.name.isidentifier()}
    return frozenset((files | packages) - {"__pycache__"})


class ModuleSet:
    """The modules of one process, put into `sys.modules` while that process runs and taken out afterwards.

    Third-party modules are shared by all: only names in the code directory are switched. Of these,
    `stateless` packages are imported once for all processes that run this code directory, in this cloud and
    in the next: importing them is most of what a cold start costs. Going through all of `sys.modules` costs
    more than most handlers, so that waits until its length has changed.
    """

    _shared_by_code: ClassVar[dict[tuple[str, ...], dict[str, ModuleType]]] = {}

    def __init__(self, code: Path, layers: tuple[Path, ...], stateless: tuple[str, ...] = ()) -> None:
        self._paths = [str(code), *(str(layer / "python") for layer in layers if (layer / "python").is_dir())]
        self._roots = _roots(code)
        self._stateless = stateless
        self._shared = self._shared_by_code.setdefault((*self._paths, *stateless), {})
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
        sys.modules.update(self._shared)
        sys.path[:0] = self._paths
        self._length_inside = len(sys.modules)

    def leave(self) -> None:
        """Keep this process's modules for next time and put the surrounding ones back."""
        nothing_new = len(sys.modules) == self._length_inside
        names = [*self._own, *self._shared] if nothing_new else self._switched_names()
        modules = {name: sys.modules.pop(name) for name in names}
        self._shared.update({name: module for name, module in modules.items() if self._is_stateless(name)})
        self._own = {name: module for name, module in modules.items() if not self._is_stateless(name)}
        sys.modules.update(self._outer)
        for path in self._paths:
            sys.path.remove(path)

    def _is_stateless(self, name: str) -> bool:
        return any(name == package or name.startswith(f"{package}.") for package in self._stateless)

    def _switched_names(self) -> list[str]:
        return [name for name in sys.modules if name.partition(".")[0] in self._roots]
