"""An announcer for events that were announced before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from outreach.domain.intake.customer import Json


class NoAnnouncer:
    """Implements the port Announcer, and puts nothing on the bus."""

    def announce(self, name: str, *, event_id: str, detail: Mapping[str, Json]) -> None:
        """Do nothing: a repeat would reach the shop's other systems as if it were new."""
