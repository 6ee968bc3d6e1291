"""What the use cases need of the world, in the domain's words. Adapters supply it; so do the tests' fakes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from outreach.domain.breaker import Breaker
from outreach.domain.campaign import Campaign
from outreach.domain.customer import Customer, Json
from outreach.domain.enrollment import Enrollment, EnrollmentId
from outreach.domain.event import Event
from outreach.domain.facts import Links
from outreach.domain.gate import Rules
from outreach.domain.intake import Intake
from outreach.domain.order import Order
from outreach.domain.pacing import Answer
from outreach.domain.rendering import RenderedEmail
from outreach.domain.sending import Pause, Sending
from outreach.domain.sending_limits import Limits
from outreach.domain.sends import Send, SendId
from outreach.domain.suppression import KnownAddress


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
        """The value of the expression; something that is not known counts as false."""
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


class Customers(Protocol):
    """Reads what is known of customers and their orders."""

    def customer(self, customer_id: str) -> Customer:
        """A customer nobody has heard of is an empty one of version 0."""
        ...

    def order(self, customer_id: str, order_id: str) -> Order | None:
        """None when no event has mentioned it yet."""
        ...

    def took_in(self, customer_id: str, event_id: str) -> bool:
        """Whether this event was stored before."""
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

    def store(self, event: Event, intake: Intake, *, expires_at: datetime) -> None:
        """One transaction. Raises Conflict when any row changed since it was read."""
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


class Ledger(Protocol):
    """Knows of every send whether it was claimed, and how far it got."""

    def claim(self, claim: Claim) -> Enrollment:
        """Take the right to send, in one transaction; raises Conflict when anything it rests on changed.

        It rests on: this send was not claimed before (or was deferred), the enrollment is as it was
        read, the address is not suppressed; for marketing also consent, the topic and the cap.
        """
        ...

    def record(self, enrollment: Enrollment, step: str, send: Send) -> Enrollment:
        """Store what became of a claimed send, and where the enrollment stands after it.

        A status of higher rank that feedback already set stays. An enrollment that was ended in the
        meantime stays ended.
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


class Announcer(Protocol):
    """Puts events on the bus for humans and other systems."""

    def announce(self, name: str, *, event_id: str, detail: Mapping[str, Json]) -> None:
        """`event_id` makes a repeat recognisable: announcing is at least once."""
        ...


class House(Protocol):
    """What the shop has set for everybody."""

    def rules(self) -> Rules:
        """Caps and pauses, as they are now."""
        ...


class DueShards(Protocol):
    """Finds the parts of the due index where there is work."""

    def first_due(self, campaign: str) -> Mapping[int, datetime]:
        """Per shard that waits for anything at all, the moment its first enrollment is due."""
        ...


class Addresses(Protocol):
    """Remembers what speaks against an address, whoever has it and however long."""

    def id_of(self, address: str) -> str:
        """A keyed hash: the same for the same address, and nothing can be read from it."""
        ...

    def known(self, address_id: str) -> KnownAddress:
        """Always the newest; one that nothing was heard of is empty, of version 0."""
        ...

    def soft_bounced(self, address_ids: Iterable[str]) -> frozenset[str]:
        """Which of these have soft bounces that still count."""
        ...

    def save(self, known: KnownAddress) -> None:
        """Raises Conflict when it changed since it was read."""
        ...

    def customers(self, address_id: str) -> tuple[str, ...]:
        """Everybody who has this address now."""
        ...


class DeliveryLedger(Protocol):
    """The sends as feedback sees them."""

    def sent(self, send_id: SendId) -> Send:
        """As it is known now, whatever became of its enrollment. Raises UnknownSend."""
        ...

    def move(self, send_id: SendId, known: Send, told: Send, *, breaker: Breaker | None = None) -> None:
        """Store what is known now; with a breaker, both or neither.

        Raises Conflict when the send, or what the breaker counted, changed since it was read.
        """
        ...

    def newest_arrival(self, customer_id: str) -> datetime | None:
        """When the newest message that reached this customer was sent; None when none did."""
        ...


class BreakerBook(Protocol):
    """Keeps the breaker's count."""

    def breaker(self) -> Breaker:
        """As it is now."""
        ...

    def count(self, breaker: Breaker) -> None:
        """Raises Conflict when another counted since it was read."""
        ...


class SendingSwitch(Protocol):
    """Lets a person stop all mail, or marketing, and let it go on."""

    def sending(self) -> Sending:
        """As it is now."""
        ...

    def pause(self, pause: Pause) -> None:
        """A pause that was there before is replaced."""
        ...

    def resume(self, breaker: Breaker) -> None:
        """No pause, and the breaker as given. Raises Conflict when it counted since it was read."""
        ...


class FeedbackWatermark(Protocol):
    """Up to when feedback has come in: a sign that it flows."""

    def newest(self) -> datetime | None:
        """When the newest message was sent that SES has confirmed; None before the first."""
        ...

    def rise(self, sent_at: datetime) -> None:
        """To this moment, unless it is higher already."""
        ...
