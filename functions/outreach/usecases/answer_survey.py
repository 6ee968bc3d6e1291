"""Pass on a customer's answer to the one question that a message asked."""

from hashlib import sha256

from outreach.domain.errors import OutreachError
from outreach.ports import Announcer

ANSWERED = "survey.answered"
SCORES = range(1, 6)
"""From not at all to very."""


class InvalidScore(OutreachError):  # noqa: N818 - says what it is
    """The answer is none of those that were offered."""


def answer_survey(customer_id: str, topic: str, said: str, *, announcer: Announcer) -> int:
    """Announce the answer and store nothing: what it means is the shop's to decide. Gives the score.

    The same answer given twice is announced under the same id. Raises InvalidScore.
    """
    scores = {str(score): score for score in SCORES}
    if said not in scores:
        raise InvalidScore(f"a score is one of {', '.join(scores)}")
    answer = sha256(f"{customer_id}\x1f{topic}\x1f{said}".encode()).hexdigest()[:32]
    announcer.announce(
        ANSWERED,
        event_id=f"survey-{answer}",
        detail={"customer_id": customer_id, "topic": topic, "score": scores[said]},
    )
    return scores[said]
