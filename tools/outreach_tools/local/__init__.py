"""The local cloud: a SAM stack, deployed and running in this process, on a virtual clock.

with LocalCloud() as cloud:
    cloud.emit("customer.signed_up", {...})
    cloud.advance(days=4)
    assert [mail.subject for mail in cloud.outbox] == [...]
"""

from outreach_tools.local.alarms.alarm import Alarm, StateChange
from outreach_tools.local.alarms.rules import AlarmState
from outreach_tools.local.cloud import LocalCloud
from outreach_tools.local.errors import AlreadyRunningError, NotEmulatedError, TemplateError
from outreach_tools.local.faults import Fault, Outage, When
from outreach_tools.local.messaging.http import HttpResponse
from outreach_tools.local.patches import MendBrokenError
from outreach_tools.local.records import ApiCall, DeadDelivery, Invocation, LogLine, Outcome, RefusedMessage
from outreach_tools.local.ses.account import ReportLoss, SesAccount
from outreach_tools.local.ses.sent_email import SentEmail
from outreach_tools.local.workflows.run import ExecutionRecord

__all__ = [
    "Alarm",
    "AlarmState",
    "AlreadyRunningError",
    "ApiCall",
    "DeadDelivery",
    "ExecutionRecord",
    "Fault",
    "HttpResponse",
    "Invocation",
    "LocalCloud",
    "LogLine",
    "MendBrokenError",
    "NotEmulatedError",
    "Outage",
    "Outcome",
    "RefusedMessage",
    "ReportLoss",
    "SentEmail",
    "SesAccount",
    "StateChange",
    "TemplateError",
    "When",
]
