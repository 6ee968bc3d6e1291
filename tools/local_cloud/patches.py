"""Replaces attributes of foreign modules, so that each replacement can be checked and undone."""

import inspect
from typing import Any


class PatchBrokenError(RuntimeError):
    """A name that the local cloud replaces is missing: the foreign library has changed."""


class Patches:
    """A stack of replaced attributes, undone in reverse order."""

    def __init__(self) -> None:
        self._undo: list[tuple[Any, str, Any, bool]] = []

    def __len__(self) -> int:
        return len(self._undo)

    def replace(self, owner: Any, name: str, value: Any) -> Any:
        """Set `owner.name` to `value` and return what was there.

        Raises PatchBrokenError when there was nothing, because then the replacement would have no effect.
        """
        where = getattr(owner, "__name__", repr(owner))
        try:
            original = inspect.getattr_static(owner, name)
        except AttributeError:
            raise PatchBrokenError(
                f"the local cloud replaces {where}.{name}, but it does not exist: "
                "use the pinned versions of moto, boto3 and botocore (see pyproject.toml)"
            ) from None
        self._undo.append((owner, name, original, name in vars(owner)))
        setattr(owner, name, value)
        return original

    def undo(self) -> None:
        """Put everything back, newest first."""
        while self._undo:
            owner, name, original, own = self._undo.pop()
            if own:
                setattr(owner, name, original)
            else:
                delattr(owner, name)
