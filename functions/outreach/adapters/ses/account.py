"""Reads the limits of the account from SES."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from outreach.domain.sending.account_limits import Limits, LimitsUnknownError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_sesv2 import SESV2Client

_UNLIMITED = -1
_SANDBOX_RATE, _SANDBOX_QUOTA = 1, 200
"""What every account has at least (SES quotas); an answer without a quota is read as this."""


class SesAccount:
    """Implements the port SendingAccount."""

    def __init__(self, client: SESV2Client, *, on_limits: Callable[[Limits], None] = lambda _: None) -> None:
        """`on_limits` is called with every answer of SES."""
        self._client = client
        self._on_limits = on_limits

    def limits(self) -> Limits:
        """One GetAccount call. Raises LimitsUnknownError, with SES's own code, when it fails."""
        try:
            account = self._client.get_account()
        except ClientError as error:
            raise LimitsUnknownError(error.response["Error"]["Code"]) from None
        except BotoCoreError as error:
            raise LimitsUnknownError(type(error).__name__) from None
        quota = account.get("SendQuota", {})
        most = quota.get("Max24HourSend", _SANDBOX_QUOTA)
        limits = Limits(
            rate=quota.get("MaxSendRate", _SANDBOX_RATE),
            quota=None if most == _UNLIMITED else int(most),
            sent=int(quota.get("SentLast24Hours", 0)),
            sandbox=not account.get("ProductionAccessEnabled", False),
            enforcement=account.get("EnforcementStatus", "HEALTHY"),
            enabled=account.get("SendingEnabled", True),
        )
        self._on_limits(limits)
        return limits
