"""Refuses to start on versions of the foreign libraries that the mends were not made for."""

from importlib.metadata import version

from outreach_tools.local.patches import MendBrokenError

MOTO = "5.2.5"


def check_versions() -> None:
    """Raises MendBrokenError when moto is not the pinned version.

    Names that are gone are found when they are replaced, see `Patches.replace`.
    """
    found = version("moto")
    if found != MOTO:
        raise MendBrokenError(
            f"moto {found} is installed, but the local cloud mends the inside of moto {MOTO}: "
            f"install the pinned version (pip install 'moto=={MOTO}'), or look at every mend again"
        )
