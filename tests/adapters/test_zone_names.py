"""Zone names are those of the shipped database, whatever the machine has."""

import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from outreach.adapters.validation.zone_names import zone_names

PROGRAM = """
from zoneinfo import ZoneInfo
from outreach.adapters.validation.zone_names import zone_names
from outreach.domain.sending.delivery_hours import zone_of

print(zone_of("Machine/Own", None, {}, "Europe/Madrid").key)
print("Machine/Own" in zone_names())
print(ZoneInfo("Europe/Madrid").utcoffset(__import__("datetime").datetime(2026, 1, 1)))
"""


def test_every_zone_name_is_a_file_of_the_database_shipped_along() -> None:
    assert {"Europe/Madrid", "UTC", "America/Argentina/Buenos_Aires"} <= zone_names()
    for name in zone_names():
        assert files("tzdata").joinpath("zoneinfo", *name.split("/")).is_file()


@pytest.mark.parametrize(
    "name", ["localtime", "posixrules", "Factory", "right/Europe/Madrid", "posix/UTC", "Etc/Unknown"]
)
def test_what_only_machines_call_a_zone_is_none(name: str) -> None:
    assert name not in zone_names()


def test_the_zones_of_the_machine_are_not_read(tmp_path: Path) -> None:
    tokyo = files("tzdata").joinpath("zoneinfo", "Asia", "Tokyo").read_bytes()
    for name in ("Machine/Own", "Europe/Madrid"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(tokyo)

    said = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "PYTHONTZPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout.splitlines() == ["Europe/Madrid", "False", "1:00:00"]
