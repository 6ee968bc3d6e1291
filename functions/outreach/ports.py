"""What the use cases need of the world, in the domain's words. Adapters supply it; so do the tests' fakes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

from outreach.domain.errors import SendRefused, SendUnclear

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from outreach.domain.campaign import Campaign
    from outreach.domain.customer import Customer, Json
    from outreach.domain.enrollment import Enrollment, EnrollmentId
    from outreach.domain.event import Event
    from outreach.domain.facts import Links
    from outreach.domain.feedback_health import FeedbackHealth, Slot
    from outreach.domain.gate import Rules
    from outreach.domain.intake import Intake
    from outreach.domain.order import Order
    from outreach.domain.outage import Outage
    from outreach.domain.pacing import Answer
    from outreach.domain.page import Page
    from outreach.domain.rendering import RenderedEmail
    from outreach.domain.repeats import StoredEvent
    from outreach.domain.sending_limits import Limits
    from outreach.domain.sends import Send, SendId
    from outreach.domain.suppression import KnownAddress
    from outreach.domain.survey import Answer as SurveyAnswer
    from outreach.domain.survey import Question
    from outreach.domain.sweep import Balance, SweepCall


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """This moment, UTC."""
        ...

    def sleep(self, span: timedelta) -> None:
        """Come back when so much time has passed; at once for none or less."""
        ...


class Campaigns(Protocol):
    """The campaigns that are published, and the older versions that enrollments are pinned to."""

    def current(self) -> tuple[Campaign, ...]:
        """Every campaign, in its newest version."""
        ...

    def pinned(self, name: str, version: str) -> Campaign:
        """One campaign in one version. Raises UnknownCampaign."""
        ...


class Expressions(Protocol):
    """Evaluates the expressions of campaign files."""

    def evaluate(self, expression: str, facts: Mapping[str, object]) -> object:
        """The value of the expression; something that is not known counts as false.

        Raises ExpressionFailed when these facts do not fit it; its words never hold a fact's value.
        """
        ...


class Renderer(Protocol):
    """Turns a message and facts into the words that go out."""

    def render(
        self, campaign: str, message: str, facts: Mapping[str, object], *, locale: str | None = None
    ) -> RenderedEmail:
        """Raises TemplateError when the message cannot be rendered with these facts."""
        ...


class LinkMaker(Protocol):
    """Makes the pages' addresses that go into a message."""

    def links_for(self, customer_id: str, topic: str, campaign: Campaign) -> Links:
        """Signed and opaque: they carry no address."""
        ...

    def survey_of(self, send_id: SendId, topic: str, campaign: Campaign) -> str:
        """The survey link that goes into the message of this send."""
        ...


class Customers(Protocol):
    """Reads what is known of customers and their orders."""

    def customer(self, customer_id: str) -> Customer:
        """A customer nobody has heard of is an empty one of version 0."""
        ...

    def order(self, customer_id: str, order_id: str) -> Order | None:
        """None when no event has mentioned it yet."""
        ...

    def orders_of(self, customer_id: str) -> Sequence[Order]:
        """All of them."""
        ...

    def stored_event(self, customer_id: str, event_id: str) -> StoredEvent | None:
        """What is known of the event that was taken in under this id; None when there was none."""
        ...


class Enrollments(Protocol):
    """Reads and moves enrollments."""

    def get(self, enrollment_id: EnrollmentId) -> Enrollment:
        """Always the newest. Raises UnknownEnrollment."""
        ...

    def of_customer(self, customer_id: str) -> Mapping[EnrollmentId, Enrollment]:
        """Each newest run, ended ones too."""
        ...

    def save(self, enrollment: Enrollment) -> Enrollment:
        """Store where it stands now, unless somebody else was faster: raises Conflict.

        Gives it back with its new version.
        """
        ...

    def due(self, campaign: str, shard: int, now: datetime, limit: int) -> tuple[EnrollmentId, ...]:
        """Sweep-driven enrollments of one shard whose `due_at` has come, the longest due first."""
        ...


class IntakeStore(Protocol):
    """Stores all that one event changes, or nothing."""

    def store(
        self, event: Event, intake: Intake, *, expires_at: datetime, known: StoredEvent | None = None
    ) -> None:
        """One transaction. Raises Conflict when any row changed since it was read.

        So does an event that was stored before, unless `known` says as what.
        """
        ...


class Traces(Protocol):
    """What is kept of a customer beside the profile and the newest runs, for when it must be forgotten."""

    def keep_of_order(self, customer_id: str, order: Order, left: Order | None) -> None:
        """Store what is left of an order; without anything left its row goes.

        Raises Conflict when it changed since it was read.
        """
        ...

    def runs_of(self, customer_id: str) -> Sequence[Enrollment]:
        """All runs that a newer one took the place of."""
        ...

    def keep_run(self, run: Enrollment) -> None:
        """Store such a run; its sends stay as they are. Raises Conflict when it changed since it was read."""
        ...

    def drop_enrollment(self, enrollment: Enrollment) -> None:
        """Delete the row of a newest run. Raises Conflict when it changed since it was read."""
        ...

    def drop_run(self, run: Enrollment) -> None:
        """Delete the row of a run that a newer one took the place of."""
        ...

    def answers_of(self, customer_id: str) -> Mapping[Question, SurveyAnswer]:
        """All answers to surveys."""
        ...

    def forget_answer(self, question: Question, answer: SurveyAnswer) -> None:
        """Raises Conflict when it changed since it was read."""
        ...


class SurveyAnswers(Protocol):
    """Keeps the newest answer to each question."""

    def answer(self, question: Question) -> SurveyAnswer | None:
        """Always the newest; None when nobody answered yet."""
        ...

    def keep(self, question: Question, known: SurveyAnswer | None, answer: SurveyAnswer) -> None:
        """Store it in the place of `known`.

        Raises Conflict when the answer changed since it was read, or the customer was erased.
        """
        ...


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send one message now; whoever holds it is the only one."""

    send_id: SendId
    enrollment: Enrollment
    """As it was read and moved, with the claimed send in `sends`."""
    customer: Customer
    """As it was judged by the gate."""
    topic: str | None
    """Set for marketing mail: the customer must still want this topic."""
    mailed_at: tuple[datetime, ...] = ()
    """For marketing mail: what the cap will count from now on, this send included."""
    address: KnownAddress | None = None
    """For marketing mail to an address that customers share: as the gate saw it."""


class Ledger(Protocol):
    """Knows of every send whether it was claimed, and how far it got."""

    def claim(self, claim: Claim) -> Enrollment:
        """Take the right to send, in one transaction; raises Conflict when anything it rests on changed.

        It rests on: this send was not claimed before (or was deferred), the enrollment is as it was
        read, the address is still the customer's and not suppressed; for marketing also consent, the
        topic and the cap; for a shared address also that it did not change and no other claim was made on
        it, for which its version is raised.
        """
        ...

    def record(self, enrollment: Enrollment, step: str, send: Send) -> Enrollment:
        """Store what became of a claimed send, and where the enrollment stands after it.

        A status of higher rank that feedback already set stays. An enrollment that was ended in the
        meantime stays ended.
        """
        ...

    def free_place(self, customer_id: str, at: datetime) -> None:
        """Let the cap no more count a send that was claimed then, and definitely did not go.

        Doing it again does no harm, and a send that was never counted needs nothing.
        """
        ...


class Reopening(Protocol):
    """Lets a person take back that a send had failed."""

    def reopen(self, enrollment: Enrollment, steps: Collection[str]) -> Enrollment:
        """Store the sends of these steps as deferred, and where their enrollment stands.

        It is the only way down in rank. Raises Conflict when the enrollment changed since it was read, or
        one of the sends has not failed (any more): feedback may know better.
        """
        ...


@dataclass(frozen=True, slots=True)
class OutgoingEmail:
    """One message, ready to go."""

    send_id: SendId
    to: str
    content: RenderedEmail
    message: str
    links: Links
    is_marketing: bool


class Mailer(Protocol):
    """Hands messages to the e-mail service."""

    def send(self, email: OutgoingEmail) -> str:
        """The service's own id of the message.

        Raises SendThrottled, SendingPaused or SendImpossible when it was definitely not taken; any
        other error leaves open whether it was.
        """
        ...


@dataclass(frozen=True, slots=True)
class Party:
    """Everybody and everything that one enrollment is about."""

    enrollment: Enrollment
    customer: Customer
    order: Order | None


class Parties(Protocol):
    """Reads many enrollments with their customers and orders at once."""

    def together(self, enrollment_ids: Sequence[EnrollmentId]) -> tuple[Party, ...]:
        """In the order asked for; enrollments that are not there are left out."""
        ...


class BulkLedger(Protocol):
    """Claims and records a page at a time. Whoever lost a race is left out; the others go on."""

    def claim_page(self, page: Page, claims: Sequence[Claim]) -> tuple[Enrollment, ...]:
        """Take the right to send to as many as still allow it, and open the page for just those.

        At most `LARGEST_PAGE`, each of another customer. Gives back their enrollments with the new
        versions. A page that nobody is left on is not stored.
        """
        ...

    def close_page(self, page: Page) -> None:
        """Store the receipts of a page that was opened for just these sends."""
        ...

    def save_all(self, enrollments: Sequence[Enrollment]) -> tuple[EnrollmentId, ...]:
        """Store where enrollments stand now, many at once; gives back those that changed meanwhile."""
        ...


class PageBook(Protocol):
    """Reads pages in the order of time, and remembers how far they are settled."""

    def shards(self) -> range:
        """Every shard that pages are kept for."""
        ...

    def unsettled(self, shard: int, until: datetime) -> Iterable[Page]:
        """The pages after the newest one that is settled, opened before `until`, the oldest first."""
        ...

    def neighbours(self, page: Page, span: timedelta) -> Iterable[Page]:
        """The nearest few pages of the shard that were opened at most so long before it, and after."""
        ...

    def settled(self, page: Page) -> None:
        """Nothing up to and with this page is in doubt any more."""
        ...


type MailAnswer = str | SendRefused | SendUnclear
"""Of the e-mail service about one message: its id, or why it was definitely not taken, or nobody knows."""


class BulkMailer(Protocol):
    """Hands many messages to the e-mail service at once."""

    def send_all(self, emails: Sequence[OutgoingEmail]) -> tuple[MailAnswer, ...]:
        """What the service answers to each message, in their order."""
        ...


class Evidence(Protocol):
    """Tells whether reports of sent messages are coming in."""

    def health(self) -> FeedbackHealth:
        """What has come in, and what was probed."""
        ...

    def slots_between(self, first: datetime, last: datetime) -> frozenset[Slot]:
        """In which something was reported, of those that begin from `first` to `last`."""
        ...

    def probe(self, now: datetime) -> None:
        """Send something that will be reported, unless that was done a moment ago."""
        ...


class SweepStarter(Protocol):
    """Starts a sweep between those that the schedule starts."""

    def start_sweep(self, now: datetime) -> None:
        """At once. Two at the same time do no harm."""
        ...


class SendingAccount(Protocol):
    """Knows what the e-mail service grants."""

    def limits(self) -> Limits:
        """As the service tells them now. Raises LimitsUnknown."""
        ...


class Pacer(Protocol):
    """Keeps all senders of the account together within its rate and its quota."""

    def take(self, sends: int, *, marketing: bool, now: datetime) -> Answer:
        """A Grant for at most `sends` messages in one call, at most two seconds ahead; or a Wait.

        Whoever gets a Grant sends at that moment; a turn that is not used is lost. Raises LimitsUnknown
        when the service never told its limits.
        """
        ...

    def slow_down(self, *, now: datetime) -> None:
        """Tell that the service refused for the rate."""
        ...

    def run_out(self) -> None:
        """Tell that the service refused for the 24-hour quota."""
        ...


class Workflows(Protocol):
    """Starts, wakes and stops the executions that carry workflow-driven enrollments."""

    def start(self, enrollment: Enrollment) -> None:
        """Start the run's execution; one that runs or ever ran under its name is left alone."""
        ...

    def wake(self, token: str) -> None:
        """End the wait of a parked execution; a token that is no longer good is left alone."""
        ...

    def stop(self, execution_name: str, reason: str) -> None:
        """Stop an execution at once; one that is over or never was is left alone."""
        ...


@dataclass(frozen=True, slots=True)
class FailedExecution:
    """An execution that ended without finishing its journey."""

    name: str
    enrollment_id: EnrollmentId
    run: int
    at: datetime
    own_failures: int = 1
    """Of it and those before it, how many came while others did not fail: an outage counts against nobody."""


class Successor(Enum):
    """What became of the wish to begin a failed execution again."""

    STARTED = auto()
    HAD_ONE = auto()
    NO_MORE = auto()
    """It and its successors failed as often as they may."""


class Executions(Protocol):
    """Finds executions that failed, and begins them again; knows which runs are carried."""

    def failed(self, stop_at: datetime) -> Iterable[FailedExecution]:
        """Those that failed or timed out, and those that were stopped lately, in another order each time.

        It stops looking at `stop_at`. Who left was stopped too: ask the enrollment.
        """
        ...

    def begin_again(self, failed: FailedExecution) -> Successor:
        """Start a successor, once however often this is called."""
        ...

    def begin_anew(self, enrollment: Enrollment) -> Successor:
        """Start an execution because a person says so, however often others failed."""
        ...

    def carried(self) -> Iterable[str]:
        """The `execution_name` of each enrollment that an execution carries now, whichever that is."""
        ...


class Announcer(Protocol):
    """Puts events on the bus for humans and other systems."""

    def announce(self, name: str, *, event_id: str, detail: Mapping[str, Json]) -> None:
        """`event_id` makes a repeat recognisable: announcing is at least once."""
        ...


class House(Protocol):
    """What the shop has set for everybody."""

    def rules(self) -> Rules:
        """Caps, pauses and outage, as they are now."""
        ...

    def try_alone(self, outage: Outage, *, now: datetime) -> bool:
        """Whether this caller, of all, is the one to find out if the outage is over."""
        ...

    def remember_refusal(self, reason: str, *, now: datetime) -> None:
        """That the service takes nothing from this account: there is an outage, or it goes on."""
        ...

    def forget_outage(self) -> None:
        """That the service takes mail again."""
        ...


class SweepBook(Protocol):
    """Keeps what sweeps did, call by call, for people to see."""

    def begin(self, call: SweepCall) -> None:
        """From now on the call is known, and has not said yet what it did."""
        ...

    def end(self, call: SweepCall, balance: Balance) -> None:
        """What the call did."""
        ...


class SweptCampaigns(Protocol):
    """Remembers which campaigns ever had something in the due index, though they may be deleted since."""

    def swept_campaigns(self) -> frozenset[str]:
        """Their names."""
        ...

    def remember_swept(self, names: Collection[str]) -> None:
        """Add these, for good."""
        ...


class DueShards(Protocol):
    """Finds the parts of the due index where there is work."""

    def first_due(self, campaign: str) -> Mapping[int, datetime]:
        """Per shard that waits for anything at all, the moment its first enrollment is due."""
        ...
