"""The ports of journeys: campaigns, expressions, enrollments, executions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from outreach.domain.journeys.campaign import Campaign
    from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId
    from outreach.domain.journeys.facts import Links
    from outreach.domain.sending.send import SendId


class Campaigns(Protocol):
    """The campaigns that are published, and the older versions that enrollments are pinned to."""

    def current(self) -> tuple[Campaign, ...]:
        """Every campaign, in its newest version."""
        ...

    def pinned(self, name: str, version: str) -> Campaign:
        """One campaign in one version. Raises UnknownCampaignError."""
        ...


class Expressions(Protocol):
    """Evaluates the expressions of campaign files."""

    def evaluate(self, expression: str, facts: Mapping[str, object]) -> object:
        """The value of the expression; an unknown fact counts as false.

        Raises ExpressionFailedError when these facts do not fit it; its text never holds a fact's value.
        """
        ...


class LinkMaker(Protocol):
    """Makes the addresses of Outreach's pages that go into a message."""

    def links_for(self, customer_id: str, topic: str, campaign: Campaign) -> Links:
        """Signed and opaque: they carry no address."""
        ...

    def survey_of(self, send_id: SendId, topic: str, campaign: Campaign) -> str:
        """The survey link that goes into the message of this send."""
        ...


class Enrollments(Protocol):
    """Reads and stores enrollments."""

    def get(self, enrollment_id: EnrollmentId) -> Enrollment:
        """Always the newest. Raises UnknownEnrollmentError."""
        ...

    def of_customer(self, customer_id: str) -> Mapping[EnrollmentId, Enrollment]:
        """Each newest run, ended ones too."""
        ...

    def save(self, enrollment: Enrollment) -> Enrollment:
        """Store where it stands now. Raises ConflictError when it changed since it was read.

        Returns it with its new version.
        """
        ...

    def due(self, campaign: str, shard: int, now: datetime, limit: int) -> tuple[EnrollmentId, ...]:
        """Sweep-driven enrollments of one shard whose `due_at` has come, the longest due first."""
        ...


class Workflows(Protocol):
    """Starts, wakes and stops the executions of journeys."""

    def start(self, enrollment: Enrollment) -> None:
        """Start the run's execution; one that runs or ever ran under its name is left alone."""
        ...

    def wake(self, token: str) -> None:
        """End the wait of a parked execution; a token that is no longer valid is left alone."""
        ...

    def stop(self, execution_name: str, reason: str) -> None:
        """Stop an execution at once; one that is over or never ran is left alone."""
        ...
