"""Tell the ledger and the rate limiter what the e-mail service refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.domain.sending.refusal import leaves_its_place
from outreach.domain.sending.send_reason import SendReason

if TYPE_CHECKING:
    from datetime import datetime

    from outreach.domain.sending.send import Send
    from outreach.ports.sending import Ledger, RateLimiter


def free_place_of(customer_id: str, ended: Send, *, is_marketing: bool, ledger: Ledger) -> None:
    """Free the place under the cap of a message that failed for good.

    After its end is recorded: a crash in between keeps the place for a day, and loses no message.
    """
    if leaves_its_place(ended, is_marketing=is_marketing):
        ledger.free_place(customer_id, ended.at)


def report_to_rate_limiter(rate_limiter: RateLimiter, reason: str | None, *, now: datetime) -> None:
    """Let all senders of the account know that SES refused for a limit."""
    if reason == SendReason.DAILY_QUOTA:
        rate_limiter.run_out()
    elif reason == SendReason.RATE:
        rate_limiter.slow_down(now=now)
