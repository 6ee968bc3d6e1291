"""The one place where ports meet adapters: typed settings and cached builders.

Nothing here runs at import; a builder runs when a handler first needs it. Imports of adapters stand
inside the builders so that a function loads only the libraries it uses (import time is billed).
"""

# ruff: noqa: PLC0415 - see above

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from outreach.adapters.bundles.bundle_store import S3BundleStore
    from outreach.adapters.bundles.newest_bundles import NewestBundles
    from outreach.adapters.bundles.published_campaigns import PublishedCampaigns
    from outreach.adapters.bundles.published_words import PublishedWords
    from outreach.adapters.dynamodb import DynamoTable
    from outreach.adapters.dynamodb.house import DynamoHouse
    from outreach.adapters.dynamodb.pacer import DynamoPacer
    from outreach.adapters.dynamodb.table_format import DynamoTableFormat, TableFormat
    from outreach.adapters.eventbridge_announcer import EventBridgeAnnouncer
    from outreach.adapters.feedback_evidence import FeedbackEvidence
    from outreach.adapters.pages import Pages
    from outreach.adapters.ses_mailer import SesMailer
    from outreach.adapters.signed_links import SignedLinks, UnsignedLinks
    from outreach.adapters.sqs_refusals import SqsRefusals
    from outreach.adapters.ssm_secrets import SsmSecrets
    from outreach.adapters.stepfunctions_workflows import StepFunctionsWorkflows
    from outreach.adapters.templates import TemplateFolder
    from outreach.domain.enrollment import EnrollmentId
    from outreach.domain.errors import ExpressionFailed, OutreachError
    from outreach.domain.sending_limits import Limits
    from outreach.operations_ports import LookScheduler
    from outreach.ports import Announcer, LinkMaker
    from outreach.usecases.advance_enrollment import AdvanceEnrollment
    from outreach.usecases.answer_survey import AnswerSurvey
    from outreach.usecases.park_enrollment import ParkEnrollment
    from outreach.usecases.restart_journeys import RestartJourneys
    from outreach.usecases.scene import Stage
    from outreach.usecases.settle_claim import SettleClaim
    from outreach.usecases.settle_pages import SettlePages
    from outreach.usecases.sweep_page import SweepPage
    from outreach.usecases.take_in_event import TakeInEvent
    from outreach.usecases.take_in_feedback import TakeInFeedback
    from outreach.usecases.unsubscribe import Unsubscribe


class MissingSetting(Exception):  # noqa: N818 - says what it is
    """An environment variable that template.yaml sets is not there."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment that template.yaml gives a function. A setting is read when it is used."""

    environment: dict[str, str]

    def __getitem__(self, name: str) -> str:
        """Raises MissingSetting, which names the variable."""
        try:
            return self.environment[name]
        except KeyError:
            raise MissingSetting(f"environment variable {name} is not set; template.yaml sets it") from None


@cache
def settings() -> Settings:
    """The environment as it was when it was first asked for."""
    return Settings(dict(os.environ))


@cache
def _client(service: str, config: Any = None) -> Any:
    import boto3

    return boto3.client(service, config=config)  # type: ignore[call-overload]  # one name per service


@cache
def _dynamodb() -> Any:
    """A client for the table. Raises NewerTableError if a later release wrote to the table."""
    _stored_format()
    return _unchecked_dynamodb()


@cache
def _unchecked_dynamodb() -> Any:
    """Without botocore's validation of parameters: tests see to that, and it took a third of a send's CPU."""
    from botocore.config import Config

    return _client("dynamodb", Config(parameter_validation=False))


@cache
def _table_format() -> DynamoTableFormat:
    from outreach.adapters.dynamodb.table_format import DynamoTableFormat

    return DynamoTableFormat(_unchecked_dynamodb(), settings()["TABLE_NAME"])


@cache
def _stored_format() -> TableFormat | None:
    """One read in a process: an upgrade and a rollback both start new processes."""
    return _table_format().require_known()


@cache
def _record_release() -> None:
    """Say in the table that this release writes to it; once in a process.

    The functions that the internet reaches never do it: they may write to customers' rows alone.
    """
    _table_format().record(settings()["RELEASE"], _stored_format())


@cache
def clock() -> Any:
    from outreach.adapters.system_clock import SystemClock

    return SystemClock()


@cache
def table() -> DynamoTable:
    from outreach.adapters.dynamodb import DynamoTable

    return DynamoTable(
        _dynamodb(),
        settings()["TABLE_NAME"],
        shards=int(settings()["SHARDS"]),
        address_secret=lambda: secrets().get_or_create("addresses"),
    )


@cache
def secrets() -> SsmSecrets:
    """What the stack made for itself. Each user of a secret keeps it: it is read once per process."""
    from outreach.adapters.dynamodb.secrets import DynamoSecrets
    from outreach.adapters.ssm_secrets import SsmSecrets

    rows = DynamoSecrets(_dynamodb(), settings()["TABLE_NAME"])
    return SsmSecrets(_client("ssm"), settings()["SECRETS_PATH"], rows=rows)


def drop_moved_secrets() -> None:
    """Delete what older releases kept in the table, once it has lain in Parameter Store for a day."""
    for name in ("links", "addresses"):
        secrets().drop_row(name, now=clock().now())


@cache
def house() -> DynamoHouse:
    from outreach.adapters.dynamodb.house import DynamoHouse

    return DynamoHouse(_dynamodb(), settings()["TABLE_NAME"], clock=clock(), on_refusal=_warn_of_outage)


def _warn_of_outage(reason: str) -> None:
    from outreach.telemetry import Metric, count, warn

    count(Metric.SENDING_REFUSED)
    warn("SES takes nothing from this account: mail is held", {"reason": reason})


@cache
def _deployed_templates() -> TemplateFolder:
    from outreach.adapters.templates import TemplateFolder

    return TemplateFolder(Path(settings()["TEMPLATES_DIR"]))


@cache
def _bundle_store() -> S3BundleStore:
    from outreach.adapters.bundles.bundle_store import S3BundleStore

    return S3BundleStore(_client("s3"), settings()["TEMPLATE_BUCKET"])


@cache
def _newest_bundles() -> NewestBundles:
    from outreach.adapters.bundles.newest_bundles import NewestBundles
    from outreach.adapters.bundles.publications import DynamoPublications

    publications = DynamoPublications(_dynamodb(), settings()["TABLE_NAME"])
    return NewestBundles(publications, _bundle_store, clock=clock(), on_refused=_warn_of_bundle)


def _warn_of_bundle(campaign: str, version: str, error: OutreachError) -> None:
    from outreach.telemetry import Metric, count, warn

    count(Metric.BUNDLES_REFUSED)
    facts = {"campaign": campaign, "version": version, "error": type(error).__name__, "why": str(error)}
    warn("a published version could not be used", facts)


@cache
def templates() -> PublishedWords:
    from outreach.adapters.bundles.published_words import PublishedWords

    return PublishedWords(_newest_bundles(), _deployed_templates())


@cache
def campaigns() -> PublishedCampaigns:
    from outreach.adapters.bundled_campaigns import BundledCampaigns
    from outreach.adapters.bundles.published_campaigns import PublishedCampaigns

    check = _deployed_templates().check_expression
    return PublishedCampaigns(
        _newest_bundles(),
        BundledCampaigns(Path(settings()["TEMPLATES_DIR"]), check_expression=check),
        _bundle_store,
        clock=clock(),
        check_expression=check,
        on_refused=_warn_of_bundle,
    )


@cache
def links() -> SignedLinks:
    from outreach.adapters.signed_links import SignedLinks

    return SignedLinks(settings()["PUBLIC_URL"], key=link_key)


@cache
def unsigned_links() -> UnsignedLinks:
    """For functions that decide and write no message."""
    from outreach.adapters.signed_links import UnsignedLinks

    return UnsignedLinks(settings()["PUBLIC_URL"])


@cache
def link_reader() -> SignedLinks:
    """For functions that only read tokens and know no address of the API (it would know them: a circle)."""
    from outreach.adapters.signed_links import SignedLinks

    return SignedLinks("", key=known_link_key)


@cache
def pages() -> Pages:
    """Under the name that messages come from."""
    from outreach.adapters.mime import sender_name
    from outreach.adapters.pages import Pages

    return Pages(sender_name(settings()["SENDER"]))


@cache
def link_key() -> bytes:
    """The stack's own secret if one was given, else one that the stack makes."""
    given = settings()["LINK_SECRET"]
    return given.encode() if given else secrets().get_or_create("links")


@cache
def known_link_key() -> bytes:
    """The same for functions that only read links. Raises InvalidToken while no link was ever signed."""
    from outreach.domain.errors import InvalidToken

    given = settings()["LINK_SECRET"]
    key = given.encode() if given else secrets().get("links")
    if key is None:
        raise InvalidToken("this stack has signed no link yet")
    return key


@cache
def workflows() -> StepFunctionsWorkflows:
    from outreach.adapters.stepfunctions_workflows import StepFunctionsWorkflows

    arn = settings()["JOURNEY_STATE_MACHINE_ARN"]
    return StepFunctionsWorkflows(_client("stepfunctions"), state_machine_arn=arn)


@cache
def tokens() -> StepFunctionsWorkflows:
    """For functions that only answer task tokens and know no machine (it would know them: a circle)."""
    from outreach.adapters.stepfunctions_workflows import StepFunctionsWorkflows

    return StepFunctionsWorkflows(_client("stepfunctions"), state_machine_arn="")


@cache
def announcer() -> EventBridgeAnnouncer:
    from outreach.adapters.eventbridge_announcer import EventBridgeAnnouncer

    return EventBridgeAnnouncer(_client("events"), bus=settings()["BUS_NAME"])


@cache
def refusals() -> SqsRefusals:
    from outreach.adapters.sqs_refusals import SqsRefusals

    return SqsRefusals(_client("sqs"), queue_url=settings()["DEAD_LETTER_QUEUE_URL"])


@cache
def stage() -> Stage:
    """For functions that write messages."""
    return _stage(links())


@cache
def deciding_stage() -> Stage:
    """For functions that only evaluate expressions: they sign no link."""
    return _stage(unsigned_links())


def _stage(link_maker: LinkMaker) -> Stage:
    from outreach.usecases.scene import Stage

    _record_release()
    return Stage(
        campaigns=campaigns(),
        customers=table().customers,
        expressions=templates(),
        link_maker=link_maker,
        on_failed_expression=_warn_of_expression,
        default_zone=settings()["DEFAULT_TIME_ZONE"],
    )


def _warn_of_expression(campaign: str, step: str, error: ExpressionFailed) -> None:
    from outreach.telemetry import Metric, count, warn_once

    count(Metric.EXPRESSIONS_FAILED)
    facts = {"campaign": campaign, "step": step, "why": str(error)}
    warn_once("an expression does not fit a customer's facts", facts)


@cache
def _ses() -> Any:
    from outreach.adapters.ses_mailer import ses_client_config

    return _client("sesv2", ses_client_config())


@cache
def mailer() -> SesMailer:
    from outreach.adapters.ses_mailer import SesMailer

    return SesMailer(
        _ses(),
        sender=settings()["SENDER"],
        reply_to=settings()["REPLY_TO"] or None,
        configuration_set=settings()["CONFIGURATION_SET"],
    )


@cache
def pacer() -> DynamoPacer:
    from outreach.adapters.dynamodb.pacer import DynamoPacer
    from outreach.adapters.ses_account import SesAccount

    return DynamoPacer(_dynamodb(), settings()["TABLE_NAME"], SesAccount(_ses(), on_limits=_measure_quota))


def _measure_quota(limits: Limits) -> None:
    from outreach.telemetry import Metric, measure

    if limits.quota:
        measure(Metric.QUOTA_USED, round(100 * limits.sent / limits.quota, 1))


@cache
def feedback_evidence() -> FeedbackEvidence:
    from outreach.adapters.feedback_evidence import FeedbackEvidence

    marks = table().feedback_marks
    return FeedbackEvidence(_dynamodb(), settings()["TABLE_NAME"], marks=marks, mailer=mailer())


@cache
def settle_claim() -> SettleClaim:
    from outreach.usecases.settle_claim import SettleClaim

    return SettleClaim(evidence=feedback_evidence())


@cache
def advance_enrollment(patience: timedelta | None = None) -> AdvanceEnrollment:
    """`patience`: how long a send may sleep for its turn, if not as briefly as usual."""
    from outreach.usecases.advance_enrollment import AdvanceEnrollment
    from outreach.usecases.take_turn import PATIENCE

    return AdvanceEnrollment(
        stage=stage(),
        settle=settle_claim(),
        enrollments=table().enrollments,
        addresses=table().addresses,
        renderer=templates(),
        pacer=pacer(),
        ledger=table().ledger,
        mailer=mailer(),
        announcer=announcer(),
        house=house(),
        clock=clock(),
        patience=PATIENCE if patience is None else patience,
    )


@cache
def sweep_page(
    patience: timedelta, on_failure: Callable[[EnrollmentId | None, Exception], None]
) -> SweepPage:
    from uuid import uuid4

    from outreach.adapters.ses_bulk_mailer import SesBulkMailer
    from outreach.usecases.send_page import SendPage
    from outreach.usecases.sweep_batch import SweepBatch
    from outreach.usecases.sweep_page import SweepPage

    send_page = SendPage(
        bulk_ledger=table().bulk_ledger,
        ledger=table().ledger,
        enrollments=table().enrollments,
        bulk_mailer=SesBulkMailer(mailer(), clock=clock()),
        pacer=pacer(),
        house=house(),
        clock=clock(),
        new_page_id=lambda: uuid4().hex,
    )
    batch = SweepBatch(
        stage=stage(),
        parties=table().parties,
        renderer=templates(),
        pacer=pacer(),
        bulk_ledger=table().bulk_ledger,
        send_page=send_page,
        house=house(),
        clock=clock(),
        patience=patience,
    )
    return SweepPage(
        enrollments=table().enrollments,
        batch=batch,
        advance=advance_enrollment(patience),
        book=table().sweep_book,
        clock=clock(),
        on_failure=on_failure,
    )


@cache
def settle_pages() -> SettlePages:
    from outreach.adapters.stepfunctions_sweeps import StepFunctionsSweeps
    from outreach.usecases.page_evidence import PageEvidence
    from outreach.usecases.settle_pages import SettlePages

    _record_release()
    book, deliveries = table().page_book, table().delivery_ledger
    arn = settings()["SWEEP_STATE_MACHINE_ARN"]
    return SettlePages(
        book=book,
        settle=settle_claim(),
        deliveries=deliveries,
        enrollments=table().enrollments,
        page_evidence=PageEvidence(book=book, deliveries=deliveries, evidence=feedback_evidence()),
        sweeps=StepFunctionsSweeps(_client("stepfunctions"), state_machine_arn=arn),
        clock=clock(),
    )


@cache
def restart_journeys() -> RestartJourneys:
    from outreach.adapters.stepfunctions_executions import StepFunctionsExecutions
    from outreach.usecases.restart_journeys import RestartJourneys

    executions = StepFunctionsExecutions(
        _client("stepfunctions"),
        state_machine_arn=settings()["JOURNEY_STATE_MACHINE_ARN"],
        clock=clock(),
        on_cut=_warn_of_cut_list,
    )
    enrollments, customers = table().enrollments, table().customers
    return RestartJourneys(executions=executions, enrollments=enrollments, customers=customers, clock=clock())


def scheduled_looks(function_arn: str) -> LookScheduler:
    from outreach.adapters.scheduled_looks import ScheduledLooks

    return ScheduledLooks(
        _client("scheduler"),
        group=settings()["LOOKS_GROUP"],
        role_arn=settings()["LOOKS_ROLE_ARN"],
        function_arn=function_arn,
        dead_letter_queue_arn=settings()["SCHEDULE_DEAD_LETTER_QUEUE_ARN"],
    )


def _warn_of_cut_list(status: str) -> None:
    from outreach.telemetry import warn

    warn("there are more executions than the watch has time to list", {"status": status})


@cache
def park_enrollment() -> ParkEnrollment:
    from outreach.usecases.park_enrollment import ParkEnrollment

    return ParkEnrollment(
        stage=deciding_stage(), enrollments=table().enrollments, workflows=tokens(), clock=clock()
    )


@cache
def take_in_event() -> TakeInEvent:
    from outreach.usecases.take_in_event import TakeInEvent

    return TakeInEvent(
        stage=deciding_stage(),
        customers=table().customers,
        enrollments=table().enrollments,
        campaigns=campaigns(),
        store=table().intake,
        addresses=table().addresses,
        traces=table().traces,
        workflows=workflows(),
        clock=clock(),
        key_secret=key_secret,
    )


@cache
def key_secret() -> bytes:
    """Of the hash that the keys of enrollments are stored under."""
    return secrets().get_or_create("keys")


@cache
def take_in_feedback() -> TakeInFeedback:
    from outreach.usecases.hear_of_address import HearOfAddress
    from outreach.usecases.restore_send import RestoreSend
    from outreach.usecases.suppress_address import SuppressAddress
    from outreach.usecases.take_in_feedback import TakeInFeedback

    ledger = table().delivery_ledger
    suppress = SuppressAddress(addresses=table().addresses, tell=take_in_event(), clock=clock())
    return TakeInFeedback(
        ledger=ledger,
        breaker_book=house(),
        marks=table().feedback_marks,
        hear=HearOfAddress(
            ledger=ledger,
            customers=table().customers,
            suppress=suppress,
            opt_out=unsubscribe().of_mailbox,
        ),
        restore_send=RestoreSend(
            enrollments=table().enrollments,
            customers=table().customers,
            campaigns=campaigns(),
            sends=table().restored_sends,
            clock=clock(),
        ),
        configuration_set=settings()["CONFIGURATION_SET"],
        clock=clock(),
    )


@cache
def unsubscribe() -> Unsubscribe:
    return _unsubscribe(announcer())


@cache
def unsubscribe_again() -> Callable[[str, datetime], int]:
    """For an opt-out that was announced before: the shop's other systems know it."""
    from outreach.adapters.no_announcer import NoAnnouncer

    return _unsubscribe(NoAnnouncer()).as_announced


def _unsubscribe(announces: Announcer) -> Unsubscribe:
    from outreach.usecases.unsubscribe import Unsubscribe

    return Unsubscribe(
        customers=table().customers,
        addresses=table().addresses,
        store=table().intake,
        enrollments=table().enrollments,
        campaigns=campaigns(),
        workflows=workflows(),
        announcer=announces,
        clock=clock(),
    )


@cache
def answer_survey() -> AnswerSurvey:
    from outreach.usecases.answer_survey import AnswerSurvey

    return AnswerSurvey(
        customers=table().customers,
        answers=table().survey_answers,
        announcer=announcer(),
        clock=clock(),
    )
