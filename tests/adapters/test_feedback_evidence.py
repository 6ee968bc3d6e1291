"""Whether feedback flows: what came in, and a probe that is sent once for however many doubts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from adapters.scripted_service import ScriptedService
from adapters.table import create_table
from builders import NOW
from outreach.adapters.dynamodb.watermark import DynamoWatermark
from outreach.adapters.feedback_evidence import PROBE_ADDRESS, SELDOM, FeedbackEvidence
from outreach.adapters.ses_mailer import SesMailer, ses_client_config
from outreach.domain.doubt import Hearing


@dataclass
class Rig:
    ses: ScriptedService
    evidence: FeedbackEvidence
    watermark: DynamoWatermark

    @property
    def probes(self) -> list[dict[str, Any]]:
        return self.ses.requests


@pytest.fixture
def rig() -> Iterator[Rig]:
    with mock_aws():
        client = boto3.client("dynamodb")
        create_table(client, "table")
        ses = ScriptedService("sesv2", ses_client_config())
        mailer = SesMailer(ses.client, sender="hello@shop.example", reply_to=None, configuration_set="out")
        watermark = DynamoWatermark(client, "table")
        yield Rig(ses, FeedbackEvidence(client, "table", watermark=watermark, mailer=mailer), watermark)


def test_before_anything_was_sent_nothing_is_known(rig: Rig) -> None:
    assert rig.evidence.hearing() == Hearing()


def test_what_was_reported_and_asked_is_known(rig: Rig) -> None:
    rig.ses.answers({"MessageId": "ses-1"})
    rig.evidence.ask(NOW)
    rig.watermark.rise(NOW + timedelta(seconds=1))

    assert rig.evidence.hearing() == Hearing(NOW + timedelta(seconds=1), NOW)


def test_a_probe_goes_to_the_services_own_mailbox_through_our_configuration_set(rig: Rig) -> None:
    rig.ses.answers({"MessageId": "ses-1"})
    rig.evidence.ask(NOW)

    (probe,) = rig.probes
    assert probe["Destination"] == {"ToAddresses": [PROBE_ADDRESS]}
    assert probe["ConfigurationSetName"] == "out"
    assert "customer" not in {tag["Name"] for tag in probe["EmailTags"]}


def test_however_many_ask_one_probe_is_sent_in_a_while(rig: Rig) -> None:
    for seconds in (0, 1, 299):
        rig.ses.answers({"MessageId": "ses-1"})
        rig.evidence.ask(NOW + timedelta(seconds=seconds))
    assert len(rig.probes) == 1

    rig.evidence.ask(NOW + SELDOM)
    assert len(rig.probes) == 2


@pytest.mark.parametrize("code", ["TooManyRequestsException", "SendingPausedException"])
def test_a_probe_that_was_refused_for_now_was_none(rig: Rig, code: str) -> None:
    rig.ses.refuses(code)
    rig.evidence.ask(NOW)
    assert rig.evidence.hearing() == Hearing()

    rig.ses.answers({"MessageId": "ses-1"})
    rig.evidence.ask(NOW + SELDOM)
    assert rig.evidence.hearing() == Hearing(None, NOW + SELDOM)


def test_a_probe_that_will_never_be_taken_counts_as_unanswered(rig: Rig) -> None:
    rig.ses.refuses("MessageRejected")
    rig.evidence.ask(NOW)

    assert rig.evidence.hearing() == Hearing(None, NOW)


def test_a_probe_whose_answer_got_lost_was_none(rig: Rig) -> None:
    rig.ses.breaks(TimeoutError())
    with pytest.raises(TimeoutError):
        rig.evidence.ask(NOW)

    assert rig.evidence.hearing() == Hearing()
