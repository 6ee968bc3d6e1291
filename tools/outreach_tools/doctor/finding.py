"""The finding of a check of a stack, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The result of a check."""

    OK = "ok"
    WARN = "warn"
    """It works, and the operator should know; or it could not be checked."""
    FAIL = "fail"
    """Messages are not sent, or their outcome is not seen, until it is fixed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    check: str
    status: Status
    what: str
    run: tuple[str, ...] = ()
    """Commands that come next."""
    records: tuple[str, ...] = ()
    """DNS records to set: name, type, value."""


def ok(check: str, what: str) -> Finding:
    return Finding(check, Status.OK, what)


def warn(check: str, what: str, *run: str, records: tuple[str, ...] = ()) -> Finding:
    return Finding(check, Status.WARN, what, run, records)


def fail(check: str, what: str, *run: str, records: tuple[str, ...] = ()) -> Finding:
    return Finding(check, Status.FAIL, what, run, records)
