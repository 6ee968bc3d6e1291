"""How long a caller that lost a race waits: rivals that retry together lose together."""

from datetime import timedelta

from outreach.domain.journeys.hash_share import share

FIRST = timedelta(milliseconds=100)
LONGEST = timedelta(seconds=2)


def pause_after(lost: int, whose: str) -> timedelta:
    """The pause after `lost` races (from 1): at most twice as long each time, of which chance takes a share.

    The chance is drawn from `whose`, so that the same run is the same in every test.
    """
    longest = min(FIRST * (1 << (lost - 1)), LONGEST)
    return longest * share("back off", whose, str(lost))
