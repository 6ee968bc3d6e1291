"""The one question that a message may ask: which answers are stored, and which are announced."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from outreach.domain.sending.send import SendId

SCORES = range(1, 6)
"""From not at all to very."""
MOST_ANSWERS = 10
"""Announcements of one question: a customer may change their mind, a script must not flood the bus."""
ANNOUNCED_WITHIN = timedelta(minutes=2)
"""An answer that is not announced by then was lost in a crash: the function may run for a minute."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a survey link asks, and of whom."""

    customer_id: str
    topic: str
    send: SendId | None = None
    """The send whose message holds the link; None for links made before links named their send."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The newest answer to a question."""

    score: int
    revision: int
    """How often the answer was given or changed: 1 to `MOST_ANSWERS`."""
    at: datetime
    announced: bool = False


def next_answer(known: Answer | None, score: int, now: datetime) -> Answer | None:
    """The answer to store and announce; None when nothing is to be announced.

    The same score again changes nothing, unless a crash lost the announcement of the first one.
    """
    if known is None:
        return Answer(score, 1, now)
    if score == known.score:
        is_lost = not known.announced and now >= known.at + ANNOUNCED_WITHIN
        return replace(known, at=now) if is_lost else None
    return None if known.revision >= MOST_ANSWERS else Answer(score, known.revision + 1, now)
