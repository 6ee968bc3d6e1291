"""The ports of sending one message or a page of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from outreach.domain.errors import SendRefusedError, SendUnclearError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from outreach.domain.feedback.suppression import KnownAddress
    from outreach.domain.intake.customer import Customer
    from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId
    from outreach.domain.journeys.facts import Links
    from outreach.domain.sending.account_limits import Limits
    from outreach.domain.sending.gate import Rules
    from outreach.domain.sending.outage import Outage
    from outreach.domain.sending.page import Page
    from outreach.domain.sending.rate_limiter import Answer
    from outreach.domain.sending.rendering import RenderedEmail
    from outreach.domain.sending.send import Send, SendId


class Renderer(Protocol):
    """Renders a message with facts."""

    def render(
        self, campaign: str, message: str, facts: Mapping[str, object], *, locale: str | None = None
    ) -> RenderedEmail:
        """Raises TemplateError when the message cannot be rendered with these facts."""
        ...


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to send one message now; its owner is the only sender."""

    send_id: SendId
    enrollment: Enrollment
    """The enrollment as read and advanced, with the claimed send in `sends`."""
    customer: Customer
    """As it was judged by the gate."""
    topic: str | None
    """Set for marketing mail: the customer must still want this topic."""
    mailed_at: tuple[datetime, ...] = ()
    """For marketing mail: what the cap counts from now on, this send included."""
    address: KnownAddress | None = None
    """For marketing mail to an address that customers share: as the gate saw it."""


class Ledger(Protocol):
    """Stores of every send whether it was claimed, and how far it got."""

    def claim(self, claim: Claim) -> Enrollment:
        """Take the right to send, in one transaction; raises ConflictError when anything it rests on changed.

        It rests on: this send was not claimed before (or was deferred), the enrollment is as it was read, the
        address is still the customer's and not suppressed; for marketing also consent, the topic and the cap;
        for a shared address also that it did not change and no other claim was made on it, for which its
        version is raised.
        """
        ...

    def record(self, enrollment: Enrollment, step: str, send: Send) -> Enrollment:
        """Store the outcome of a claimed send, and where the enrollment stands after it.

        A status of higher rank that feedback already set stays. An enrollment that was ended in the meantime
        stays ended.
        """
        ...

    def free_place(self, customer_id: str, at: datetime) -> None:
        """Take a send that was claimed then, and definitely was not sent, out of the cap.

        A repeat does no harm, and a send that was never counted changes nothing.
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

        Raises SendThrottledError, SendingPausedError or SendImpossibleError when it was definitely not taken;
        any other error leaves open whether it was.
        """
        ...


class BulkLedger(Protocol):
    """Claims and records a page at a time. Rows that lost a race are left out; the others go on."""

    def claim_page(self, page: Page, claims: Sequence[Claim]) -> tuple[Enrollment, ...]:
        """Take the right to send to as many as still allow it, and open the page for just those.

        At most `LARGEST_PAGE`, each of another customer. Returns their enrollments with the new versions. A
        page without any is not stored.
        """
        ...

    def close_page(self, page: Page) -> None:
        """Store the receipts of a page that was opened for just these sends."""
        ...

    def save_all(self, enrollments: Sequence[Enrollment]) -> tuple[EnrollmentId, ...]:
        """Store where enrollments stand now, many at once; returns those that changed meanwhile."""
        ...


type SendAnswer = str | SendRefusedError | SendUnclearError
"""The e-mail service's answer for one message: its id, a definite refusal, or unknown."""


class BulkMailer(Protocol):
    """Hands many messages to the e-mail service at once."""

    def send_all(self, emails: Sequence[OutgoingEmail]) -> tuple[SendAnswer, ...]:
        """The service's answer for each message, in their order."""
        ...


class SendingAccount(Protocol):
    """Reads what the e-mail service grants."""

    def limits(self) -> Limits:
        """The limits as the service reports them now. Raises LimitsUnknownError."""
        ...


class RateLimiter(Protocol):
    """Keeps all senders of the account together within its rate and its quota."""

    def take(self, sends: int, *, marketing: bool, now: datetime) -> Answer:
        """A Permit for at most `sends` messages in one call, at most two seconds ahead; or a Wait.

        The owner of a Permit sends at that instant; an unused permit is lost. Raises LimitsUnknownError when
        the service never reported its limits.
        """
        ...

    def slow_down(self, *, now: datetime) -> None:
        """Report that the service refused for the rate."""
        ...

    def run_out(self) -> None:
        """Report that the service refused for the 24-hour quota."""
        ...


class SendingStateStore(Protocol):
    """The shop's settings for all messages."""

    def rules(self) -> Rules:
        """Caps, pauses and outage, as they are now."""
        ...

    def try_alone(self, outage: Outage, *, now: datetime) -> bool:
        """Whether this caller is the one that tries whether the outage is over."""
        ...

    def remember_refusal(self, reason: str, *, now: datetime) -> None:
        """Record that the service refuses everything from this account: an outage begins, or goes on."""
        ...

    def end_outage(self) -> None:
        """Record that the service takes mail again."""
        ...
