"""SES's answers about the account, in our terms."""

import pytest
from botocore.exceptions import EndpointConnectionError

from adapters.scripted_service import ScriptedService
from outreach.adapters.ses.account import SesAccount
from outreach.adapters.ses.mailer import ses_client_config
from outreach.domain.sending.account_limits import Limits, LimitsUnknownError


def test_an_account_in_production() -> None:
    ses = ScriptedService("sesv2")
    ses.answers(
        {
            "SendQuota": {"Max24HourSend": 50000.0, "MaxSendRate": 14.0, "SentLast24Hours": 120.0},
            "ProductionAccessEnabled": True,
            "EnforcementStatus": "PROBATION",
            "SendingEnabled": True,
        }
    )

    assert SesAccount(ses.client).limits() == Limits(14.0, 50_000, 120, enforcement="PROBATION")


def test_an_account_without_a_daily_quota() -> None:
    ses = ScriptedService("sesv2")
    ses.answers({"SendQuota": {"Max24HourSend": -1.0, "MaxSendRate": 500.0}, "ProductionAccessEnabled": True})

    assert SesAccount(ses.client).limits() == Limits(500.0, None, 0)


def test_an_account_that_says_nothing_is_taken_for_a_new_one() -> None:
    ses = ScriptedService("sesv2")
    ses.answers({"SendingEnabled": False})

    assert SesAccount(ses.client).limits() == Limits(1, 200, 0, sandbox=True, enabled=False)


def test_a_missing_answer_is_reported_by_its_code() -> None:
    ses = ScriptedService("sesv2", ses_client_config())
    ses.refuses("AccessDeniedException", "arn:aws:iam::1:user/x is not authorized", status=403)
    ses.breaks(EndpointConnectionError(endpoint_url="https://email.example.com"))

    for code in ("AccessDeniedException", "EndpointConnectionError"):
        with pytest.raises(LimitsUnknownError, match=f"^{code}$"):
            SesAccount(ses.client).limits()
