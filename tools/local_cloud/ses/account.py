"""The sending limits of an SES account, and what is left of them."""

import random
from collections import deque
from dataclasses import dataclass

from local_cloud.errors import AwsError

_DAY = 86_400.0
_SANDBOX_RATE = 1.0
_SANDBOX_QUOTA = 200.0


@dataclass(frozen=True, slots=True)
class ReportLoss:
    """The shares of all messages, from 0 to 1, whose reports are lost; all reports of a message at once.

    The draw is by message, so that the same seed loses the same reports whatever else happens.
    """

    eventbridge: float = 0.0
    """Lost on the way to the event bus only."""
    sns: float = 0.0
    """Lost on the way to the topic only."""
    both: float = 0.0
    """Lost on both ways."""
    seed: int = 1

    def loses(self, source: str, message_id: str) -> bool:
        """Whether the reports of this message are lost on this way: `eventbridge` or `sns`."""
        shares = {"eventbridge": self.eventbridge, "sns": self.sns, "both": self.both}
        return any(
            shares[way] > random.Random(f"{self.seed} {way} {message_id}").random()
            for way in (source, "both")
            if shares[way]
        )


@dataclass(frozen=True, slots=True)
class SesAccount:
    """The account's state with SES. A new real account is in the sandbox; this one is not by default."""

    max_send_rate: float = 10_000_000.0
    """Messages per second. The default is so high that no message waits: what is due is sent at once."""
    max_24_hour_send: float = 1e6
    """Messages per rolling 24 hours; -1 is no limit, as in SES's own answers."""
    sandbox: bool = False
    """In the sandbox: 200 a day, 1 a second, verified recipients only, whatever the two numbers above are."""
    feedback: bool = True
    """Report Email Sent, Delivered, Bounced … by itself; off, only `LocalCloud.ses_event` reports."""
    loss: ReportLoss = ReportLoss()
    """Which of the reports get lost; none by default."""
    suppressed_reasons: tuple[str, ...] = ("BOUNCE", "COMPLAINT")
    """What puts an address on the account's suppression list; empty turns the list off."""

    @property
    def rate(self) -> float:
        return _SANDBOX_RATE if self.sandbox else self.max_send_rate

    @property
    def quota(self) -> float:
        return _SANDBOX_QUOTA if self.sandbox else self.max_24_hour_send


class Allowance:
    """A token bucket for the rate and a rolling window for the day; both count recipients.

    A request is accepted whole while anything is left; the excess is paid back before the next one.
    """

    def __init__(self, account: SesAccount) -> None:
        self._account = account
        self._tokens = account.rate
        self._filled_at = 0.0
        self._sent: deque[tuple[float, int]] = deque()
        self._sent_today = 0

    def take(self, recipients: int, now: float) -> None:
        """Count a message.

        Raises AwsError: LimitExceededException for the day, TooManyRequestsException for the second.
        """
        if 0 <= self._account.quota <= self.sent_last_24_hours(now):
            raise AwsError("LimitExceededException", "Daily message quota exceeded.")
        rate = self._account.rate
        self._tokens = min(rate, self._tokens + (now - self._filled_at) * rate)
        self._filled_at = now
        if rate <= 0 or self._tokens < min(1.0, rate):
            raise AwsError("TooManyRequestsException", "Maximum sending rate exceeded.", 429)
        self._tokens -= recipients
        self._sent_today += recipients
        if self._sent and self._sent[-1][0] == now:
            recipients += self._sent.pop()[1]
        self._sent.append((now, recipients))

    def sent_last_24_hours(self, now: float) -> int:
        while self._sent and self._sent[0][0] <= now - _DAY:
            self._sent_today -= self._sent.popleft()[1]
        return self._sent_today
