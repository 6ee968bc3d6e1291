"""The circuit breaker: it pauses marketing before SES does, when too much bounces or is reported as spam.

SES reviews an account from 5 % bounces or 0.1 % complaints on; this opens a little earlier. A send enters the
count with its first outcome, and counts as its last one.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from outreach.domain.sending.send import SendStatus

WINDOW = 1000
"""Marketing sends with an outcome that the rates are taken over: the newest."""
BLOCK = 100
"""Sends that are counted together and dropped together."""
FEWEST_SENDS = 100
"""Below this, the rates are not meaningful."""
FEWEST_BOUNCES = 5
FEWEST_COMPLAINTS = 2
"""One complaint is no trend, although one in a thousand is more than the rate allows."""
_BOUNCES_PER_100 = 4
_COMPLAINTS_PER_10_000 = 8


class OpenReason(StrEnum):
    """Which rate was too high."""

    BOUNCES = "bounces"
    COMPLAINTS = "complaints"


@dataclass(frozen=True, slots=True)
class Tally:
    """Marketing sends, and how many of them ended badly."""

    sends: int = 0
    bounces: int = 0
    complaints: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.sends + other.sends, self.bounces + other.bounces, self.complaints + other.complaints
        )

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(
            self.sends - other.sends, self.bounces - other.bounces, self.complaints - other.complaints
        )

    @property
    def has_negative_reports(self) -> bool:
        return bool(self.bounces or self.complaints)


NOTHING = Tally()


def tally_of(status: SendStatus) -> Tally:
    """What a send counts as, by how far it got. One that SES never tried is no evidence about the list.

    A soft bounce counts as a send only: SES, too, rates an account by its hard bounces.
    """
    match status:
        case SendStatus.BOUNCED:
            return Tally(1, bounces=1)
        case SendStatus.COMPLAINED:
            return Tally(1, complaints=1)
        case SendStatus.SUPPRESSED | SendStatus.REJECTED:
            return Tally(1)
        case _:
            return Tally(1) if status.rank > SendStatus.SENT.rank else NOTHING


@dataclass(frozen=True, slots=True)
class Opening:
    """The breaker opened: marketing is paused until an operator resumes it."""

    reason: OpenReason
    at: datetime
    total: Tally
    """What it had counted at that time."""


@dataclass(frozen=True, slots=True)
class Breaker:
    """The outcomes of the newest marketing sends, in blocks, the oldest first."""

    blocks: tuple[Tally, ...] = ()
    opening: Opening | None = None
    version: int = 0

    @property
    def total(self) -> Tally:
        return sum(self.blocks, NOTHING)

    def counting(self, tally: Tally, now: datetime) -> "Breaker":
        """With more outcomes, and open when they are too bad. Once open it stays open."""
        *full, newest = self.blocks or (NOTHING,)
        newest += tally
        blocks = [*full, newest, NOTHING] if newest.sends >= BLOCK else [*full, newest]
        while sum(block.sends for block in blocks[1:]) >= WINDOW:
            del blocks[0]
        counted = replace(self, blocks=tuple(blocks))
        if self.opening is not None:
            return counted
        return replace(counted, opening=_opening(counted.total, now))

    def closed(self) -> "Breaker":
        """After an operator resumed it: counting begins anew, or it would open again at once."""
        return Breaker(version=self.version)


def _opening(total: Tally, now: datetime) -> Opening | None:
    if total.sends < FEWEST_SENDS:
        return None
    if total.complaints >= FEWEST_COMPLAINTS and (
        total.complaints * 10_000 >= _COMPLAINTS_PER_10_000 * total.sends
    ):
        return Opening(OpenReason.COMPLAINTS, now, total)
    if total.bounces >= FEWEST_BOUNCES and total.bounces * 100 >= _BOUNCES_PER_100 * total.sends:
        return Opening(OpenReason.BOUNCES, now, total)
    return None
