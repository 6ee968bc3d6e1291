"""Incident 2: sign-ups are invited while SES still has the account in its sandbox."""

from e2e.own_campaigns import project_of
from e2e.shop import days, hours
from local_cloud import SesAccount
from rehearsals.campaigns import GREETINGS, RECEIPTS
from rehearsals.incident import incident

CUSTOMERS = [f"c-{number}" for number in range(15)]


def test_what_the_sandbox_refused_goes_in_its_order_once_production_access_is_granted() -> None:
    with (
        project_of({"start": GREETINGS, "receipts": RECEIPTS}) as project,
        incident("sandbox", project=project, ses=SesAccount(sandbox=True)) as it,
    ):
        for customer in CUSTOMERS:
            it.shop.signs_up(customer)
        it.shop.order("placed", CUSTOMERS[0], "o-1")
        it.waits(hours(2))

        assert it.cloud.outbox == ()
        assert it.rang()["MessagesFailedAlarm"] - it.since <= hours(2)
        assert it.rang()["TransactionalNotSentAlarm"] - it.since <= hours(2)
        assert "sandbox" in it.types("outreach sending limits")

        # The operator arrives when the second message has failed too.
        it.waits(days(3))
        it.cloud.client("sesv2").create_email_identity(EmailIdentity="example.com")  # as good as access
        assert "recipient_not_verified" in it.types("outreach sends retry --failed --dry-run")
        assert it.cloud.outbox == ()
        it.types("outreach sends retry --failed")
        it.waits(hours(2))
        assert it.got(CUSTOMERS[1:]) == {each: ["hello"] for each in CUSTOMERS[1:]}
        it.waits(days(3))
        assert it.got(CUSTOMERS[1:]) == {each: ["hello", "tips"] for each in CUSTOMERS[1:]}
        assert sorted(it.got(CUSTOMERS[:1])[CUSTOMERS[0]]) == ["hello", "how-it-was", "receipt", "tips"]
        assert it.ringing() == set()
