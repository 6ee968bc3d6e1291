"""Which of the messages that were sent back to a queue are refused again."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach_tools.operations.redrive import DeadLetter, dead_letters

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_LOOK_EVERY_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class CameBack:
    """The messages that are in the dead-letter queue again, by reason."""

    same_reason: int
    other_reasons: Mapping[str, int]
    still_waiting: int
    """Messages that the queue still holds, as SQS counts them."""

    @property
    def total(self) -> int:
        return self.same_reason + sum(self.other_reasons.values())


def came_back(
    sqs: "SQSClient", sent: Iterable[DeadLetter], *, queue_url: str, dead_url: str, seconds: float
) -> CameBack:
    """Wait until the queue is empty, at most so many seconds, and find which of `sent` are refused again.

    SQS's counts are approximate: the queue is empty when two counts in a row are zero.
    """
    reasons = {dead_letter.digest: dead_letter.reason for dead_letter in sent}
    ends_at, empty = time.time() + seconds, 0
    waiting = _waiting(sqs, queue_url)
    while reasons and time.time() < ends_at and empty < 2:  # noqa: PLR2004 - two counts in a row
        time.sleep(min(_LOOK_EVERY_SECONDS, max(ends_at - time.time(), 0.1)))
        waiting = _waiting(sqs, queue_url)
        empty = 0 if waiting else empty + 1
    again = [each for each in dead_letters(sqs, dead_url).look() if each.digest in reasons] if reasons else []
    same = sum(each.reason == reasons[each.digest] for each in again)
    others = Counter(each.reason for each in again if each.reason != reasons[each.digest])
    return CameBack(same, others, waiting)


def _waiting(sqs: "SQSClient", queue_url: str) -> int:
    answer = sqs.get_queue_attributes(
        QueueUrl=queue_url,
        AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    )
    return sum(int(number) for number in answer["Attributes"].values())
