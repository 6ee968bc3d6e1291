"""The result of a story: which messages were sent too often or not at all, and what was left undone."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from local_cloud import LocalCloud
from outreach.domain.sending.send import Send, SendStatus
from outreach_tools.demo.stored_runs import stored_runs
from proof.story import EXPECTED, TRANSACTIONAL, ExpectedMessage

_CUSTOMERS = frozenset(customer for customer, _ in EXPECTED)
_QUEUES = ("IntakeQueue", "IntakeDeadLetterQueue", "FeedbackQueue", "FeedbackDeadLetterQueue")


@dataclass(frozen=True, slots=True)
class Verdict:
    """All empty is the promise while feedback flows."""

    marketing_twice: list[str]
    transactional_twice: list[str]
    lost: list[str]
    """Due and allowed, but neither sent nor ended with a reason that an operator sees."""
    unsent: list[str]
    """Not sent, whatever the reason."""
    unknown: list[str]
    """Ended with an unknown outcome."""
    undone: list[str]
    """Work that should be over by now and is not."""


def judge(cloud: LocalCloud) -> Verdict:
    """Of a story that has been run to its end."""
    sends = dict(_sends(cloud))
    got = Counter(
        (mail.headers["X-Outreach-Customer"], mail.headers["X-Outreach-Message"])
        for mail in cloud.outbox
        if mail.headers.get("X-Outreach-Customer") in _CUSTOMERS
    )
    twice = [each for each in got if got[each] > EXPECTED[each]]
    ended = {each for each, send in sends.items() if _has_ended(send)}
    unknown = [each for each, send in sends.items() if send.status is SendStatus.UNKNOWN]
    return Verdict(
        marketing_twice=_words(each for each in twice if each[1] not in TRANSACTIONAL),
        transactional_twice=_words(each for each in twice if each[1] in TRANSACTIONAL),
        lost=_words(each for each in EXPECTED if not got[each] and each not in ended),
        unsent=_words(each for each in EXPECTED if not got[each]),
        unknown=_words(unknown),
        undone=[*_undone(cloud), *_words(each for each in sends if each not in ended)],
    )


def _sends(cloud: LocalCloud) -> Iterator[tuple[ExpectedMessage, Send]]:
    for run in stored_runs(cloud.client("dynamodb"), cloud.outputs["TableName"]):
        for send in run.sends.values() if run.id.customer_id in _CUSTOMERS else ():
            yield (run.id.customer_id, send.message), send


def _has_ended(send: Send) -> bool:
    """On record as sent, or as not sent with a reason."""
    return send.status.went_out or (
        send.status in {SendStatus.FAILED, SendStatus.UNKNOWN} and send.reason is not None
    )


def _undone(cloud: LocalCloud) -> Iterator[str]:
    for run in stored_runs(cloud.client("dynamodb"), cloud.outputs["TableName"]):
        if run.is_active:
            yield f"enrollment {run.id.customer_id} in {run.id.campaign} at {run.step}"
    for machine in ("JourneyStateMachine", "SweepStateMachine", "WakeStateMachine"):
        for execution in cloud.executions(machine):
            if execution.status == "RUNNING":
                yield f"execution {execution.name}"
    sqs = cloud.client("sqs")
    for queue in _QUEUES:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        counts = sqs.get_queue_attributes(QueueUrl=cloud.resource(queue), AttributeNames=names)["Attributes"]
        if any(int(count) for count in counts.values()):
            yield f"messages in {queue}"
    yield from (f"dead delivery to {dead.target}" for dead in cloud.dead)


def _words(messages: Iterator[ExpectedMessage] | list[ExpectedMessage]) -> list[str]:
    return sorted(f"{message} to {customer}" for customer, message in messages)
