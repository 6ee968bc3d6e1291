"""The caps and pauses that hold for everybody."""

from outreach.domain.gate import Rules


class HouseSettings:
    """The defaults; nothing is paused."""

    def rules(self) -> Rules:
        """Caps and pauses, as they are now."""
        return Rules()
