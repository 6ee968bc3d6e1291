"""Refuses to start on versions of the foreign libraries that the replacements were not made for."""

from importlib.metadata import version

from local_cloud.patches import PatchBrokenError

MOTO = "5.2.5"


def check_versions(pinned: str = MOTO) -> None:
    """Compare the installed moto with the pinned one.

    Raises PatchBrokenError when they differ.

    Names that are missing are found when they are replaced, see `Patches.replace`.
    """
    found = version("moto")
    if found != pinned:
        raise PatchBrokenError(
            f"moto {found} is installed, but the local cloud replaces internals of moto {pinned}: "
            f"install the pinned version (pip install 'moto=={pinned}'), or check every replacement again"
        )
