"""Suppressions in a CSV file: read whole before anything is stored, with every problem reported."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TextIO

from outreach.domain.errors import Problem, ProblemsError
from outreach.domain.feedback.suppression import KnownAddress
from outreach.domain.intake.customer import SuppressionReason
from outreach_tools.printable import csv_cell, from_csv_cell

COLUMNS = ("address_id", "reason", "at", "source")
"""The columns of an export. An import takes `address` instead of `address_id`, and needs nothing else."""
_REASONS = ", ".join(SuppressionReason)


class InvalidFileError(ProblemsError):
    """The file cannot be imported; nothing of it was stored."""


@dataclass(frozen=True, slots=True)
class Row:
    """One suppression of a file."""

    address_id: str
    reason: SuppressionReason
    at: datetime
    source: str


def read_file(file: TextIO, name: str, id_of: Callable[[str], str], *, now: datetime) -> list[Row]:
    """Every row. Raises InvalidFileError with every problem: `file:line`, and never the address."""
    reader = csv.DictReader(file)
    columns = set(reader.fieldnames or ())
    if not columns & {"address", "address_id"}:
        what = "has no column `address`; the first line must name the columns: address,reason,at,source"
        raise InvalidFileError((Problem(f"{name}:1", what),))
    rows: list[Row] = []
    problems: list[Problem] = []
    for fields in reader:
        try:
            rows.append(_row(fields, id_of, now))
        except ValueError as error:
            problems.append(Problem(f"{name}:{reader.line_num}", str(error)))
    if problems:
        raise InvalidFileError(tuple(problems))
    return rows


def write_file(file: TextIO, known: Iterable[KnownAddress]) -> None:
    """Every suppression, one a line."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(_lines(known))


def _row(fields: dict[str, str], id_of: Callable[[str], str], now: datetime) -> Row:
    try:
        address_id = id_of((fields.get("address") or fields.get("address_id") or "").strip())
    except ValueError as error:
        raise ValueError(f"address {error}") from None
    reason = (fields.get("reason") or SuppressionReason.MANUAL).strip().lower()
    if reason not in set(SuppressionReason):
        raise ValueError(f"reason must be one of {_REASONS}")
    return Row(address_id, SuppressionReason(reason), _instant(fields.get("at"), now), _source(fields))


def _source(fields: dict[str, str]) -> str:
    return from_csv_cell((fields.get("source") or "").strip()) or "import"


def _instant(text: str | None, now: datetime) -> datetime:
    if not (text or "").strip():
        return now
    try:
        instant = datetime.fromisoformat((text or "").strip())
    except ValueError:
        raise ValueError(
            "at must be a date, or a date and time, such as 2026-03-02 or 2026-03-02T09:00:00Z"
        ) from None
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _lines(known: Iterable[KnownAddress]) -> Iterator[tuple[str, str, str, str]]:
    for each in known:
        suppression = each.status.suppression
        if suppression is not None:
            # The source is free text; a spreadsheet must not evaluate it.
            yield each.id, suppression.reason, suppression.at.isoformat(), csv_cell(suppression.source)
