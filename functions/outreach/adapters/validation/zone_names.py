"""The names of time zones that events may use."""

from functools import cache
from importlib.resources import files

_NO_ZONES = frozenset({"Factory"})
"""In the database for machines without a configured zone."""


@cache
def zone_names() -> frozenset[str]:
    """Those of the IANA database that is shipped with Outreach, whatever the machine has."""
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split()) - _NO_ZONES
