"""What the e-mail service grants the account: how fast, and how many in 24 hours."""

from dataclasses import dataclass
from datetime import datetime

from outreach.domain.errors import OutreachError


class LimitsUnknownError(OutreachError):
    """The e-mail service did not report the account's limits; the message is its own code."""


@dataclass(frozen=True, slots=True)
class Limits:
    """As the service reports them. Both count recipients; here every message has one."""

    rate: float
    """Messages per second; 0 permits nothing, as a quota of 0 does."""
    quota: int | None
    """Messages in any 24 hours, a rolling window; None is no limit."""
    sent: int
    """Messages of the last 24 hours, by every sender of this account."""
    sandbox: bool = False
    """A new account: 200 a day, one a second, and only to verified recipients."""
    enforcement: str = "HEALTHY"
    """HEALTHY, PROBATION or SHUTDOWN, as SES calls them."""
    enabled: bool = True
    """Whether the account may send at all."""

    def grants_more_than(self, other: "Limits") -> bool:
        """Whether more may be sent in 24 hours than under the other limits."""
        if self.rate > 0 >= other.rate:
            return True
        return other.quota is not None and (self.quota is None or self.quota > other.quota)


@dataclass(frozen=True, slots=True)
class SendingStatus:
    """The state of sending, for operators."""

    limits: Limits
    as_of: datetime
    """When the service reported the limits."""
    rate: float
    """Messages per second that are sent at most now, after throttling and the reserve."""
    left: int | None
    """Messages that may still be sent in the running 24 hours; None is no limit."""
    left_for_marketing: int | None
    """The same for marketing, which leaves a part of the quota to transactional mail."""
    booked_until: datetime
    """Up to when marketing's permits are taken."""
    slowed_at: datetime | None
    """When the service last refused for the rate; None once the rate has recovered."""
