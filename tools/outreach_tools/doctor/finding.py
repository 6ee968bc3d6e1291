"""What a check of a stack found, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    """It works, and somebody should know; or it could not be looked at."""
    FAIL = "fail"
    """Messages do not go, or what becomes of them is not seen, until it is fixed."""


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
