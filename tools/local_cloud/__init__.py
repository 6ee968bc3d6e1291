"""The local cloud: a SAM stack, deployed and running in this process, on a virtual clock.

with LocalCloud() as cloud:
    cloud.emit("customer.signed_up", {...})
    cloud.advance(days=4)
    assert [mail.subject for mail in cloud.outbox] == [...]
"""

from local_cloud.alarms.alarm import Alarm, StateChange
from local_cloud.alarms.rules import AlarmState
from local_cloud.cloud import LocalCloud
from local_cloud.errors import AlreadyRunningError, NotEmulatedError, TemplateError
from local_cloud.faults import Fault, Outage, When
from local_cloud.messaging.http import HttpResponse
from local_cloud.patches import PatchBrokenError
from local_cloud.records import ApiCall, DeadDelivery, Invocation, LogLine, Outcome, RefusedMessage
from local_cloud.ses.account import ReportLoss, SesAccount
from local_cloud.ses.sent_email import SentEmail
from local_cloud.workflows.run import ExecutionRecord

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
    "NotEmulatedError",
    "Outage",
    "Outcome",
    "PatchBrokenError",
    "RefusedMessage",
    "ReportLoss",
    "SentEmail",
    "SesAccount",
    "StateChange",
    "TemplateError",
    "When",
]
