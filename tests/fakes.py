"""Stateful stand-ins for the outer ports: e-mail, executions, the bus, the clock, campaigns, templates.

The table's fake is in `fake_table.py`. The contract tests keep these as strict as the real ones.

More than 250 lines: many small fakes, which tests import from one place.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from builders import NOW
from fake_feedback import FakeMarks, FakeOutage
from fake_sweep_log import FakeSweepLog
from fake_table import FakeTable
from fake_wakes import FakeShardLease, FakeWakeTimer
from outreach.domain.errors import SendRefusedError, SendUnclearError, UnknownCampaignError
from outreach.domain.feedback.health import FeedbackHealth, Slot, slot_start
from outreach.domain.feedback.report import ReportSource
from outreach.domain.intake.customer import Json
from outreach.domain.journeys.campaign import Campaign
from outreach.domain.journeys.enrollment import Enrollment, HoldReason
from outreach.domain.journeys.facts import Links
from outreach.domain.sending.account_limits import Limits, LimitsUnknownError
from outreach.domain.sending.gate import Rules
from outreach.domain.sending.rate_limiter import Permit, RateLimiterState, Wait
from outreach.domain.sending.rendering import RenderedEmail, RenderError
from outreach.domain.sending.send import SendId
from outreach.domain.sending.unresolved_claim import MOST_PROBES, PATIENCE
from outreach.ports.sending import OutgoingEmail, SendAnswer

PLENTY = Limits(rate=1000, quota=None, sent=0)
"""An account with so high a rate that hardly any message waits."""

__all__ = [
    "PLENTY",
    "FakeAccount",
    "FakeAnnouncer",
    "FakeBulkMailer",
    "FakeCampaigns",
    "FakeClock",
    "FakeEvidence",
    "FakeExpressions",
    "FakeLinks",
    "FakeMailer",
    "FakeRateLimiter",
    "FakeRenderer",
    "FakeSendingState",
    "FakeShardLease",
    "FakeSweepLog",
    "FakeTable",
    "FakeWakeTimer",
    "FakeWorkflows",
]


class FakeClock:
    """Stands still until a test moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, step: timedelta | None = None, **parts: float) -> datetime:
        """Move by a timedelta or by `days=`, `hours=`, ...; returns the new time."""
        self._now += step or timedelta(**parts)
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now

    def sleep(self, span: timedelta) -> None:
        self._now += max(timedelta(0), span)


class FakeCampaigns:
    """Campaigns as they are published; every version stays available."""

    def __init__(self, *campaigns: Campaign) -> None:
        self._current: dict[str, Campaign] = {}
        self._pinned: dict[tuple[str, str], Campaign] = {}
        for campaign in campaigns:
            self.publish(campaign)

    def publish(self, campaign: Campaign) -> None:
        self._current[campaign.name] = campaign
        self._pinned[campaign.name, campaign.version] = campaign

    def current(self) -> tuple[Campaign, ...]:
        return tuple(self._current.values())

    def pinned(self, name: str, version: str) -> Campaign:
        try:
            return self._pinned[name, version]
        except KeyError:
            raise UnknownCampaignError(f"campaign {name} was never published as {version}") from None


type Answer = object | Callable[[Mapping[str, object]], object]


class FakeExpressions:
    """Answers given expressions: with a value, or by calling a function of the facts."""

    def __init__(self, answers: Mapping[str, Answer] | None = None) -> None:
        self.answers = dict(answers or {})

    def evaluate(self, expression: str, facts: Mapping[str, object]) -> object:
        if expression not in self.answers:
            raise AssertionError(f"the test gives no answer to the expression {expression!r}")
        answer = self.answers[expression]
        return answer(facts) if callable(answer) else answer


class FakeRenderer:
    """Writes the names of campaign and message; messages in `broken` cannot be rendered."""

    def __init__(self) -> None:
        self.broken: set[str] = set()
        self.rendered: list[tuple[str, str, Mapping[str, object], str | None]] = []

    def render(
        self, campaign: str, message: str, facts: Mapping[str, object], *, locale: str | None = None
    ) -> RenderedEmail:
        if message in self.broken:
            raise RenderError("a fact is missing", file=f"{campaign}/{message}.mjml")
        self.rendered.append((campaign, message, facts, locale))
        return RenderedEmail(f"{campaign}: {message}", f"<p>{message}</p>", message)


class FakeLinks:
    """Readable links: a test sees at once whose they are."""

    def links_for(self, customer_id: str, topic: str, campaign: Campaign) -> Links:
        def page(name: str) -> str:
            return f"https://mail.example.com/{name}/{customer_id}/{campaign.name}/{topic}"

        return Links(unsubscribe=page("unsubscribe"), preferences=page("preferences"), survey=page("survey"))

    def survey_of(self, send_id: SendId, topic: str, campaign: Campaign) -> str:
        return f"https://mail.example.com/survey/{send_id.encoded()}/{campaign.name}/{topic}"


class FakeMailer:
    """Stores sent messages; `refuse_next` makes the next sends fail, `refuse` those to a customer."""

    def __init__(self) -> None:
        self.sent: list[OutgoingEmail] = []
        self._refusals: list[Exception] = []
        self._refused: dict[str, list[Exception]] = {}
        self._ids = count(1)

    def refuse_next(self, *refusals: Exception) -> None:
        self._refusals += refusals

    def refuse_none(self) -> None:
        """From now on everything is accepted."""
        self._refusals.clear()

    def refuse(self, customer_id: str, *refusals: Exception) -> None:
        self._refused[customer_id] = list(refusals)

    def send(self, email: OutgoingEmail) -> str:
        if refused := self._refused.get(email.send_id.customer_id):
            raise refused.pop(0)
        if self._refusals:
            raise self._refusals.pop(0)
        self.sent.append(email)
        return f"ses-{next(self._ids)}"


class FakeBulkMailer:
    """Hands each message to a FakeMailer, so that both paths fill one list.

    A refusal is the answer to its message; any other error is the answer to the whole call, whose outcome is
    then unknown. `lost_answers` are calls that SES carries out, and whose answer is lost.
    """

    def __init__(self, single: FakeMailer) -> None:
        self._single = single
        self.calls: list[int] = []
        """How many messages each call had."""
        self.lost_answers = 0

    def send_all(self, emails: Sequence[OutgoingEmail]) -> tuple[SendAnswer, ...]:
        self.calls.append(len(emails))
        answers: list[SendAnswer] = []
        for email in emails:
            try:
                answers.append(self._single.send(email))
            except SendRefusedError as refusal:
                answers.append(refusal)
            except OSError:
                return tuple(SendUnclearError("no answer") for _ in emails)
        if self.lost_answers:
            self.lost_answers -= 1
            return tuple(SendUnclearError("no answer") for _ in emails)
        return tuple(answers)


class FakeEvidence:
    """Feedback that flows answers a probe at once; other reports come from the test itself."""

    def __init__(self, *, flows: bool = True) -> None:
        self.flows = flows
        self.marks = FakeMarks()
        self.probes: list[datetime] = []
        self.silent: set[ReportSource] = set()
        """Sources that report nothing although feedback flows."""

    def health(self) -> FeedbackHealth:
        return replace(self.marks.health(), probes=tuple(self.probes[-MOST_PROBES:]))

    def slots_between(self, first: datetime, last: datetime) -> frozenset[Slot]:
        return self.marks.slots_between(first, last)

    def probe(self, now: datetime) -> None:
        if self.probes and now < self.probes[-1] + PATIENCE:
            return
        self.probes.append(now)
        if self.flows:
            self.reported(now)

    def reported(self, sent_at: datetime) -> None:
        """The sources that are not silent reported a message that SES took then."""
        for source in set(ReportSource) - self.silent:
            self.marks.rise(source, sent_at, sent_at)
            self.marks.note_slots({(source, slot_start(sent_at))})


class FakeWorkflows:
    """Executions by name; tokens are good while they are in `parked`."""

    def __init__(self) -> None:
        self.started: dict[str, Enrollment] = {}
        self.running: set[str] = set()
        self.stopped: dict[str, str] = {}
        self.parked: set[str] = set()
        self.woken: list[str] = []

    def start(self, enrollment: Enrollment) -> None:
        name = enrollment.execution_name
        if name not in self.started:
            self.started[name] = enrollment
            self.running.add(name)

    def wake(self, token: str) -> None:
        if token in self.parked:
            self.parked.remove(token)
            self.woken.append(token)

    def stop(self, execution_name: str, reason: str) -> None:
        if execution_name in self.running:
            self.running.remove(execution_name)
            self.stopped[execution_name] = reason


class FakeAnnouncer:
    """Records what was announced: name, event id and detail."""

    def __init__(self) -> None:
        self.announced: list[tuple[str, str, Mapping[str, Json]]] = []

    def announce(self, name: str, *, event_id: str, detail: Mapping[str, Json]) -> None:
        self.announced.append((name, event_id, detail))


class FakeAccount:
    """What the e-mail service grants; None is a service that does not answer."""

    def __init__(self, limits: Limits | None = PLENTY) -> None:
        self.current = limits
        self.asked = 0

    def limits(self) -> Limits:
        self.asked += 1
        if self.current is None:
            raise LimitsUnknownError("AccessDeniedException")
        return self.current


class FakeRateLimiter:
    """One rate limiter for all senders."""

    def __init__(self, account: FakeAccount | None = None) -> None:
        self.account = account or FakeAccount()
        self.pace = RateLimiterState()

    def take(self, sends: int, *, marketing: bool, now: datetime) -> Permit | Wait:
        if self.pace.must_ask(now):
            self.pace = self.pace.asking(now)
            try:
                self.pace = self.pace.told(self.account.limits(), now)
            except LimitsUnknownError:
                if self.pace.limits is None:
                    raise
        if self.pace.limits is None:
            return Wait(now + timedelta(seconds=1), HoldReason.PACE)
        self.pace, answer = self.pace.take(sends, marketing=marketing, now=now)
        return answer

    def slow_down(self, *, now: datetime) -> None:
        if self.pace.limits is not None:
            self.pace = self.pace.slowed(now)

    def run_out(self) -> None:
        if self.pace.limits is not None:
            self.pace = self.pace.spent()


class FakeSendingState(FakeOutage):
    """The shop's rules; a test may change them at any time."""

    def __init__(self, rules: Rules | None = None) -> None:
        super().__init__()
        self.current = rules or Rules()

    def rules(self) -> Rules:
        return replace(self.current, outage=self.outage)
