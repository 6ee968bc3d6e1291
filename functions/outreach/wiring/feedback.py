"""Builds the use cases of reports of SES and answers of customers."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from outreach.wiring.intake import take_in_event, unsubscribe
from outreach.wiring.publishing import campaigns
from outreach.wiring.sending import state_store
from outreach.wiring.services import announcer
from outreach.wiring.settings import settings
from outreach.wiring.storage import clock, table

if TYPE_CHECKING:
    from outreach.usecases.feedback.answer_survey import AnswerSurvey
    from outreach.usecases.feedback.take_in_feedback import TakeInFeedback


@cache
def take_in_feedback() -> TakeInFeedback:
    from outreach.usecases.feedback.apply_address_report import ApplyAddressReport
    from outreach.usecases.feedback.suppress_address import SuppressAddress
    from outreach.usecases.feedback.take_in_feedback import TakeInFeedback
    from outreach.usecases.operations.restore_send import RestoreSend

    ledger = table().delivery_ledger
    suppress = SuppressAddress(addresses=table().addresses, tell=take_in_event(), clock=clock())
    return TakeInFeedback(
        ledger=ledger,
        breaker_store=state_store(),
        marks=table().feedback_marks,
        apply_report=ApplyAddressReport(
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
def answer_survey() -> AnswerSurvey:
    from outreach.usecases.feedback.answer_survey import AnswerSurvey

    return AnswerSurvey(
        customers=table().customers,
        answers=table().survey_answers,
        announcer=announcer(),
        clock=clock(),
    )
