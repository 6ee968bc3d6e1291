"""What every Mailer must do, the fake as well as SES."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import boto3
import pytest
from moto import mock_aws

from adapters.function_clients import function_client
from fakes import FakeMailer
from outreach.adapters.ses.mailer import SesMailer, ses_client_config
from outreach.domain.errors import SendingPausedError
from outreach.domain.journeys.facts import Links
from outreach.domain.sending.rendering import RenderedEmail
from outreach.domain.sending.send import SendId
from outreach.ports.sending import Mailer, OutgoingEmail

EMAIL = OutgoingEmail(
    send_id=SendId("c-ana", "onboarding", "c-ana", 1, "welcome"),
    to="ana@example.com",
    content=RenderedEmail("Hola", "<p>Hola</p>", "Hola"),
    message="welcome",
    links=Links("https://mail.example.com/u", "https://mail.example.com/p", "https://mail.example.com/s"),
    is_marketing=True,
)


@dataclass
class Rig:
    mailer: Mailer
    refuse: Callable[[], object]
    """Have the next message refused, because its sender is not verified."""
    take: Callable[[], object]
    """Have the later messages accepted."""
    count: Callable[[], float]
    """How many messages were sent."""


@pytest.fixture(params=["fake", "ses"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    if request.param == "fake":
        fake = FakeMailer()
        yield Rig(
            fake,
            refuse=lambda: fake.refuse_next(SendingPausedError("sender_not_verified")),
            take=lambda: None,
            count=lambda: len(fake.sent),
        )
        return
    with mock_aws():
        client = function_client("sesv2", config=ses_client_config())
        mailer = SesMailer(client, sender="shop@example.com", reply_to=None, configuration_set="out")
        yield Rig(
            mailer,
            refuse=lambda: client.delete_email_identity(EmailIdentity="shop@example.com"),
            take=lambda: client.create_email_identity(EmailIdentity="shop@example.com"),
            count=lambda: boto3.client("ses").get_send_quota()["SentLast24Hours"],
        )


def test_each_message_has_an_id_of_its_own(rig: Rig) -> None:
    rig.take()

    ids = {rig.mailer.send(EMAIL), rig.mailer.send(EMAIL)}

    assert (len(ids), rig.count()) == (2, 2)


def test_a_refused_message_does_not_go_out_and_stops_no_other(rig: Rig) -> None:
    rig.take()
    rig.refuse()

    with pytest.raises(SendingPausedError, match="sender_not_verified"):
        rig.mailer.send(EMAIL)
    assert rig.count() == 0

    rig.take()
    assert rig.mailer.send(EMAIL)
    assert rig.count() == 1
