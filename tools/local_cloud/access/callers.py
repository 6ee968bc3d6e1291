"""The present caller of AWS: an administrator, or a role, maybe on behalf of a function."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT = "123456789012"
REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Caller:
    """A role in use. `function` is the logical id of the function that runs, empty for a service."""

    role: str
    function: str = ""


_current: ContextVar[Caller | None] = ContextVar("caller", default=None)


def current_caller() -> Caller | None:
    """The present caller; None is the administrator."""
    return _current.get()


@contextmanager
def calling_as(caller: Caller | None) -> "Iterator[None]":
    """Let `caller` make every call inside."""
    token = _current.set(caller)
    try:
        yield
    finally:
        _current.reset(token)


def role_name(arn_or_name: str) -> str:
    """The name of a role, whether its ARN or its name is given."""
    return arn_or_name.rpartition("/")[2]
