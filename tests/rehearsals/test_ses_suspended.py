"""Incident 1: SES suspends the account in the middle of a sweep, for six hours."""

from e2e.own_campaigns import project_of
from e2e.shop import days, hours, minutes
from local_cloud import SesAccount
from rehearsals.campaigns import NEWS, RECEIPTS
from rehearsals.incident import incident

READERS = [f"c-{number}" for number in range(12)]


def test_when_ses_suspends_the_account_in_a_sweep_every_message_goes_once_after_the_resume() -> None:
    account = SesAccount(max_send_rate=1)
    with (
        project_of({"news": NEWS, "receipts": RECEIPTS}) as project,
        incident("ses-suspended", project=project, ses=account) as it,
    ):
        for customer in READERS:
            it.shop.signs_up(customer)
        while len(it.cloud.outbox) < 5:
            it.cloud.advance(seconds=1)
        it.cloud.client("sesv2").put_account_sending_attributes(SendingEnabled=False)
        suspended_at = it.shop.now
        it.waits(minutes(30))
        it.shop.order("placed", READERS[0], "o-1")
        it.waits(hours(5.5))

        assert 5 <= len(it.cloud.outbox) < len(READERS)
        assert it.rang()["SendingRefusedAlarm"] - suspended_at <= minutes(60)
        assert it.rang()["TransactionalNotSentAlarm"] - suspended_at <= minutes(120)
        assert {"SendingRefusedAlarm", "TransactionalNotSentAlarm"} <= it.ringing()
        assert "SendingPausedException" in it.types("outreach sending status")

        it.cloud.client("sesv2").put_account_sending_attributes(SendingEnabled=True)
        it.types("outreach sending resume")
        it.waits(minutes(61))
        assert it.got(READERS) == {
            each: ["first-news", "receipt"] if each == READERS[0] else ["first-news"] for each in READERS
        }
        it.waits(hours(3))
        assert it.ringing() == set()
        it.waits(days(3))
        assert it.twice() == []
        assert len(it.cloud.outbox) == 2 * len(READERS) + 2
