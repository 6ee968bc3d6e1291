"""Crashes of senders while SES's reports are lost: how many messages are sent twice, and how many are lost.

Customers wait for a message each, of either class and under either driver. Every process that sends one of
them crashes at its call: half of them before SES has it, half of them after.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from math import comb

from local_cloud import LocalCloud, ReportLoss, SesAccount
from local_cloud.faults import Fault, When
from outreach.domain.sending.send import SendStatus
from outreach_tools.demo.stored_runs import stored_runs
from proof.project import project
from proof.story import DAY_BEFORE, START, happens, tell_day_before

_KILLED_BY = datetime.fromisoformat("2026-03-02T05:10:00Z")
_OVER = datetime.fromisoformat("2026-03-03T00:00:00Z")
_PARAMETERS = {"DueShards": "1", "ReconcilerSchedule": "rate(3 hours)"}
_FIRST = {"letter", "reminder", "hello", "placed"}
"""The messages whose senders crash. Later ones of a run are not counted."""
_MARKETING_OF_PAGES = "letter"

type Message = tuple[str, str]
"""A customer and a message."""


@dataclass(slots=True)
class Count:
    """The results of some stories."""

    killed: int = 0
    """Messages whose sender crashed."""
    unresolved: int = 0
    """Those of them that SES had taken, without marketing in pages: its unreported siblings are recorded as
    unknown."""
    twice: int = 0
    lost: int = 0
    """Neither sent nor ended with a reason that an operator sees."""
    unsent: int = 0
    unknown: int = 0

    def add(self, other: "Count") -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class _DyingSenders:
    """Is among a cloud's faults: the first senders of every message crash, later ones do not."""

    def __init__(self, journeys: int) -> None:
        self._left = Counter({("AdvanceEnrollmentFunction", "SendEmail"): journeys})
        self._left["SweepPageFunction", "SendBulkEmail"] = 4
        self.when = When.BEFORE

    def strikes(self, function: str, operation: str) -> bool:
        if not self._left[function, operation]:
            return False
        self._left[function, operation] -= 1
        # Of a campaign's two pages the first call was taken; of journeys every second one.
        left = self._left[function, operation]
        taken = left >= 2 if operation == "SendBulkEmail" else left % 2 == 0
        self.when = When.AFTER if taken else When.BEFORE
        return True


def tell(loss: ReportLoss, *, swept: int = 70, journeys: int = 15, seed: int = 1) -> Count:
    """One story: so many customers of each swept campaign, and of each journey."""
    account = SesAccount(loss=loss)
    with (
        project() as folder,
        LocalCloud(DAY_BEFORE, seed, project=folder, parameters=_PARAMETERS, ses=account) as cloud,
    ):
        tell_day_before(cloud)
        cloud.advance(until=START)
        before = len(cloud.outbox)
        dying: list[Fault] = [_DyingSenders(2 * journeys)]  # type: ignore[list-item]  # it answers what a fault answers
        cloud.faults += dying
        for number in range(swept):
            happens(cloud, "letter.wanted", f"c-reader-{number}")
            happens(cloud, "visit.booked", f"c-guest-{number}", order={"id": f"o-guest-{number}"})
        for number in range(journeys):
            happens(cloud, "customer.signed_up", f"c-greeted-{number}")
            happens(cloud, "order.placed", f"c-buyer-{number}", order={"id": f"o-{number}"})
        cloud.advance(until=_KILLED_BY)
        taken = {_message(mail.headers) for mail in cloud.outbox[before:]}
        cloud.advance(until=_OVER)
        got = Counter(_message(mail.headers) for mail in cloud.outbox[before:])
        return _judge(cloud, taken, Counter({each: got[each] for each in _expected(swept, journeys)}))


def _expected(swept: int, journeys: int) -> list[Message]:
    return [
        (f"c-{who}-{number}", message)
        for who, message, many in (
            ("reader", "letter", swept),
            ("guest", "reminder", swept),
            ("greeted", "hello", journeys),
            ("buyer", "placed", journeys),
        )
        for number in range(many)
    ]


def _message(headers: dict[str, str]) -> Message:
    return headers.get("X-Outreach-Customer", ""), headers.get("X-Outreach-Message", "")


def _judge(cloud: LocalCloud, taken: set[Message], got: Counter[Message]) -> Count:
    sends = {
        (run.id.customer_id, send.message): send
        for run in stored_runs(cloud.client("dynamodb"), cloud.outputs["TableName"])
        for send in run.sends.values()
    }
    unsent = [each for each, times in got.items() if not times]
    taken &= got.keys()
    return Count(
        killed=len(got),
        unresolved=sum(message != _MARKETING_OF_PAGES for _, message in taken),
        twice=sum(times > 1 for times in got.values()),
        lost=sum(each not in sends or sends[each].reason is None for each in unsent),
        unsent=len(unsent),
        unknown=sum(each in sends and sends[each].status is SendStatus.UNKNOWN for each in got),
    )


@dataclass(frozen=True, slots=True)
class LossyPart:
    """Some stories with the same share of lost reports."""

    title: str
    share: float
    ways: tuple[str, ...]
    """Which way loses them, story by story: `eventbridge`, `sns` or `both`."""
    stories: int

    @property
    def loses_on_both_ways(self) -> bool:
        return "both" in self.ways

    def losses(self, stories: int | None) -> list[ReportLoss]:
        """One for each story, all with other draws."""
        return [
            ReportLoss(**{self.ways[number % len(self.ways)]: self.share}, seed=number)
            for number in range(self.stories if stories is None else min(stories, self.stories))
        ]

    def is_kept(self, count: Count) -> bool:
        """Whether the stories kept the promise."""
        if not self.loses_on_both_ways:
            return not (count.twice or count.unsent or count.unknown)
        low, high = interval(count.unresolved, self.share)
        return low <= count.twice <= high and not count.lost


LOSSY_PARTS = (
    LossyPart("lossy: 1 % of reports lost on one way", 0.01, ("eventbridge", "sns"), 6),
    LossyPart("lossy: 5 % of reports lost on both ways at once", 0.05, ("both",), 10),
)


def interval(trials: int, share: float, confidence: float = 0.999) -> tuple[int, int]:
    """Between which numbers of successes a binomial draw lies, at this confidence or more."""
    tail = (1 - confidence) / 2
    chances = [comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(trials + 1)]
    low, below = 0, chances[0]
    while below < tail:
        low += 1
        below += chances[low]
    high, above = trials, chances[trials]
    while above < tail:
        high -= 1
        above += chances[high]
    return low, high
