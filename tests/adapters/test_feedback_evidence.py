"""Whether feedback flows: what came in, and a probe that is sent once for any number of claims."""

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
from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.feedback.feedback_marks import DynamoFeedbackMarks
from outreach.adapters.dynamodb.items.attributes import milliseconds, number
from outreach.adapters.ses.feedback_evidence import PROBE_ADDRESS, SELDOM, FeedbackEvidence
from outreach.adapters.ses.mailer import SesMailer, ses_client_config
from outreach.domain.feedback.health import FeedbackHealth
from outreach.domain.feedback.report import ReportSource


@dataclass
class Rig:
    ses: ScriptedService
    evidence: FeedbackEvidence
    marks: DynamoFeedbackMarks
    client: Any

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
        marks = DynamoFeedbackMarks(client, "table")
        yield Rig(ses, FeedbackEvidence(client, "table", marks=marks, mailer=mailer), marks, client)


def test_before_anything_was_sent_nothing_is_known(rig: Rig) -> None:
    assert rig.evidence.health() == FeedbackHealth()


def test_what_was_reported_and_asked_is_known(rig: Rig) -> None:
    rig.ses.answers({"MessageId": "ses-1"})
    rig.evidence.probe(NOW)
    rig.marks.rise(ReportSource.SNS, NOW + timedelta(seconds=1), NOW)

    known = rig.evidence.health()
    assert (known.marks, known.probes) == ({ReportSource.SNS: NOW + timedelta(seconds=1)}, (NOW,))


def test_a_probe_goes_to_the_services_own_mailbox_through_our_configuration_set(rig: Rig) -> None:
    rig.ses.answers({"MessageId": "ses-1"})
    rig.evidence.probe(NOW)

    (probe,) = rig.probes
    assert probe["Destination"] == {"ToAddresses": [PROBE_ADDRESS]}
    assert probe["ConfigurationSetName"] == "out"
    assert "customer" not in {tag["Name"] for tag in probe["EmailTags"]}


def test_however_many_ask_one_probe_is_sent_in_a_while(rig: Rig) -> None:
    for seconds in (0, 1, 599):
        rig.ses.answers({"MessageId": "ses-1"})
        rig.evidence.probe(NOW + timedelta(seconds=seconds))
    assert len(rig.probes) == 1

    rig.evidence.probe(NOW + SELDOM)
    assert len(rig.probes) == 2


@pytest.mark.parametrize("code", ["TooManyRequestsException", "SendingPausedException"])
def test_a_probe_that_was_refused_for_now_was_none(rig: Rig, code: str) -> None:
    rig.ses.refuses(code)
    rig.evidence.probe(NOW)
    assert rig.evidence.health() == FeedbackHealth()

    rig.ses.answers({"MessageId": "ses-1"})
    rig.evidence.probe(NOW + SELDOM)
    assert rig.evidence.health().probes == (NOW + SELDOM,)


def test_a_probe_that_will_never_be_taken_counts_as_unanswered(rig: Rig) -> None:
    rig.ses.refuses("MessageRejected")
    rig.evidence.probe(NOW)

    assert rig.evidence.health().probes == (NOW,)


def test_the_last_three_probes_are_known(rig: Rig) -> None:
    times = [NOW + SELDOM * number for number in range(5)]
    for at in times:
        rig.ses.answers({"MessageId": "ses-1"})
        rig.evidence.probe(at)

    assert rig.evidence.health().probes == tuple(times[-3:])


def test_the_one_probe_of_an_older_release_is_known(rig: Rig) -> None:
    at = number(milliseconds(NOW))
    rig.client.put_item(TableName="table", Item={**keys.probe(), "tried_at": at, "probed_at": at})
    assert rig.evidence.health().probes == (NOW,)

    rig.ses.answers({"MessageId": "ses-1"})
    rig.evidence.probe(NOW + SELDOM)
    assert rig.evidence.health().probes == (NOW, NOW + SELDOM)


def test_a_probe_whose_answer_got_lost_was_none(rig: Rig) -> None:
    rig.ses.breaks(TimeoutError())
    with pytest.raises(TimeoutError):
        rig.evidence.probe(NOW)

    assert rig.evidence.health() == FeedbackHealth()
