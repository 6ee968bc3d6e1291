"""A stack whose services answer what a test says; everything else is as in a healthy stack."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

from outreach.adapters.dynamodb.operations.table_format import FORMAT
from outreach_tools.doctor.site import Site
from outreach_tools.release import this_release

HEALTHY: dict[str, Any] = {
    "get_email_identity": {
        "VerifiedForSendingStatus": True,
        "DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS", "Tokens": ["t1", "t2", "t3"]},
        "MailFromAttributes": {"MailFromDomain": "bounce.kestrel.shop", "MailFromDomainStatus": "SUCCESS"},
    },
    "get_account": {
        "ProductionAccessEnabled": True,
        "SendingEnabled": True,
        "EnforcementStatus": "HEALTHY",
        "SendQuota": {"Max24HourSend": 50000.0, "MaxSendRate": 14.0, "SentLast24Hours": 12.0},
        "PricingAttributes": {"CurrentPlan": "ESSENTIALS", "NextPlan": "NONE"},
    },
    "get_configuration_set": {"SendingOptions": {"SendingEnabled": True}},
    "get_configuration_set_event_destinations": {
        "EventDestinations": [
            {"Enabled": True, "EventBridgeDestination": {}},
            {"Enabled": True, "SnsDestination": {}},
        ]
    },
    "get_item": {
        "Item": {
            "PK": {"S": "x"},
            "at": {"N": "1772442000000"},
            "sns_at": {"N": "1772442000000"},
            "format": {"N": str(FORMAT)},
            "release": {"S": this_release()},
        }
    },
    "query": {"Items": []},
    "list_subscriptions_by_topic": {"Subscriptions": [{"SubscriptionArn": "arn:aws:sns:eu-west-1:1:a:1"}]},
    "describe_parameters": {
        "Parameters": [
            {"Name": f"/outreach/kestrel/{name}", "Type": "SecureString"}
            for name in ("links", "addresses", "keys")
        ]
    },
    "get_account_settings": {"AccountLimit": {"ConcurrentExecutions": 1000}},
    "describe_continuous_backups": {
        "ContinuousBackupsDescription": {
            "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"}
        }
    },
}
DMARC = {"_dmarc.kestrel.shop": ["v=DMARC1; p=reject"]}
OUTPUTS = {
    "Version": this_release(),
    "TableFormat": str(FORMAT),
    "Sender": "Kestrel & Co <hello@kestrel.shop>",
    "TableName": "kestrel-table",
    "ConfigurationSetName": "kestrel",
    "SecretsPath": "/outreach/kestrel",
    "AlarmTopicArn": "arn:aws:sns:eu-west-1:123456789012:alarms",
}


class ScriptedStack:
    """Answers every operation from a table; a text instead of an answer is the code of an error."""

    def __init__(self, answers: Mapping[str, Any], outputs: Mapping[str, str] = OUTPUTS) -> None:
        self.answers = {**HEALTHY, **answers}
        self.outputs = outputs
        self.meta = SimpleNamespace(region_name="eu-west-1")

    def client(self, service: str) -> Any:
        assert service
        return self

    def __getattr__(self, operation: str) -> Any:
        return lambda **_: self._answer(operation)

    def _answer(self, operation: str) -> Any:
        answer = self.answers[operation]
        if isinstance(answer, str):
            raise ClientError({"Error": {"Code": answer, "Message": "no"}}, operation)
        return answer


def site(
    answers: Mapping[str, Any] | None = None,
    *,
    dmarc: Mapping[str, Sequence[str] | None] = DMARC,
    outputs: Mapping[str, str] = OUTPUTS,
    name: str = "kestrel",
) -> Site:
    return Site(ScriptedStack(answers or {}, outputs), name, lambda record: dmarc.get(record, ()))
