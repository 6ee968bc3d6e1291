"""The operations of SES v2 that set an account up and look at it."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from local_cloud.errors import AwsError
from local_cloud.ses.configuration import ConfigurationSet, topic_of
from local_cloud.ses.mailroom import Mailroom, configuration_set_arn
from local_cloud.ses.validation import bad_request, check_address

type Params = dict[str, Any]


class SesSetup:
    """Operations that set the account up and look at it."""

    def __init__(self, mailroom: Mailroom) -> None:
        self._room = mailroom
        self.operations = {
            "GetAccount": self._get_account,
            "PutAccountSendingAttributes": self._put_sending,
            "CreateConfigurationSet": self._create_set,
            "GetConfigurationSet": self._get_set,
            "ListConfigurationSets": lambda _: {"ConfigurationSets": list(mailroom.configuration_sets)},
            "DeleteConfigurationSet": self._delete_set,
            "PutConfigurationSetSendingOptions": self._put_set_sending,
            "CreateConfigurationSetEventDestination": self._put_destination,
            "UpdateConfigurationSetEventDestination": self._put_destination,
            "GetConfigurationSetEventDestinations": self._get_destinations,
            "CreateEmailIdentity": self._create_identity,
            "GetEmailIdentity": self._get_identity,
            "DeleteEmailIdentity": self._delete_identity,
            "ListEmailIdentities": self._list_identities,
            "PutSuppressedDestination": self._put_suppressed,
            "GetSuppressedDestination": self._get_suppressed,
            "DeleteSuppressedDestination": self._delete_suppressed,
            "ListSuppressedDestinations": self._list_suppressed,
        }

    def _get_account(self, _: Params) -> dict[str, Any]:
        account, room = self._room.account, self._room
        sent = float(room.allowance.sent_last_24_hours(room.clock.now))
        return {
            "DedicatedIpAutoWarmupEnabled": False,
            "EnforcementStatus": "HEALTHY",
            "ProductionAccessEnabled": not account.sandbox,
            "SendingEnabled": room.sending_enabled,
            "SendQuota": {
                "Max24HourSend": account.quota,
                "MaxSendRate": account.rate,
                "SentLast24Hours": sent,
            },
            "PricingAttributes": {"CurrentPlan": "ESSENTIALS", "NextPlan": "ESSENTIALS"},
            "SuppressionAttributes": {"SuppressedReasons": list(account.suppressed_reasons)},
        }

    def _put_sending(self, params: Params) -> dict[str, Any]:
        self._room.sending_enabled = params.get("SendingEnabled", False)
        return {}

    def _create_set(self, params: Params) -> dict[str, Any]:
        name = params["ConfigurationSetName"]
        if name in self._room.configuration_sets:
            raise AwsError("AlreadyExistsException", f"Configuration set <{name}> already exists.")
        reasons = params.get("SuppressionOptions", {}).get("SuppressedReasons")
        self._room.configuration_sets[name] = ConfigurationSet(
            name,
            None if reasons is None else tuple(reasons),
            params.get("SendingOptions", {}).get("SendingEnabled", True),
        )
        return {}

    def _set(self, params: Params) -> ConfigurationSet:
        name = params["ConfigurationSetName"]
        if name not in self._room.configuration_sets:
            raise AwsError("NotFoundException", f"Configuration set <{name}> does not exist.", 404)
        return self._room.configuration_sets[name]

    def _get_set(self, params: Params) -> dict[str, Any]:
        found = self._set(params)
        return {
            "ConfigurationSetName": found.name,
            "SendingOptions": {"SendingEnabled": found.sending_enabled},
        }

    def _delete_set(self, params: Params) -> dict[str, Any]:
        del self._room.configuration_sets[self._set(params).name]
        return {}

    def _put_set_sending(self, params: Params) -> dict[str, Any]:
        self._set(params).sending_enabled = params.get("SendingEnabled", False)
        return {}

    def _put_destination(self, params: Params) -> dict[str, Any]:
        bus = params["EventDestination"].get("EventBridgeDestination", {}).get("EventBusArn", "")
        if bus and not bus.endswith(":event-bus/default"):
            raise bad_request("EventBridge destinations support the default event bus only.")
        topic = topic_of(params["EventDestination"])
        if topic and not self._room.may_notify(configuration_set_arn(self._set(params).name), topic):
            raise bad_request(
                f"Could not publish to SNS topic <{topic}>: its policy must let ses.amazonaws.com publish"
            )
        self._set(params).destinations[params["EventDestinationName"]] = dict(params["EventDestination"])
        return {}

    def _get_destinations(self, params: Params) -> dict[str, Any]:
        destinations = self._set(params).destinations
        return {"EventDestinations": [{"Name": name, **found} for name, found in destinations.items()]}

    def _create_identity(self, params: Params) -> dict[str, Any]:
        identity = params["EmailIdentity"]
        if identity in self._room.identities:
            raise AwsError("AlreadyExistsException", f"Email identity {identity} already exists.")
        self._room.identities.add(identity, params.get("ConfigurationSetName", ""))
        kind = "EMAIL_ADDRESS" if "@" in identity else "DOMAIN"
        tokens = [f"token{n}" for n in range(1, 4)]
        return {
            "IdentityType": kind,
            "VerifiedForSendingStatus": True,
            "DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS", "Tokens": tokens},
        }

    def _get_identity(self, params: Params) -> dict[str, Any]:
        identity = params["EmailIdentity"]
        if identity not in self._room.identities:
            raise AwsError("NotFoundException", f"Email identity {identity} does not exist.", 404)
        return {
            "IdentityType": "EMAIL_ADDRESS" if "@" in identity else "DOMAIN",
            "VerifiedForSendingStatus": True,
            "VerificationStatus": "SUCCESS",
            "ConfigurationSetName": self._room.identities.default_configuration_set(identity),
            "DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS"},
        }

    def _delete_identity(self, params: Params) -> dict[str, Any]:
        self._room.identities.remove(params["EmailIdentity"])
        return {}

    def _list_identities(self, _: Params) -> dict[str, Any]:
        return {
            "EmailIdentities": [
                {"IdentityName": i, "SendingEnabled": True} for i in self._room.identities.names()
            ]
        }

    def _put_suppressed(self, params: Params) -> dict[str, Any]:
        self._room.suppression.put(
            check_address(params["EmailAddress"]), params["Reason"], self._room.clock.now
        )
        return {}

    def _get_suppressed(self, params: Params) -> dict[str, Any]:
        address = unquote(params["EmailAddress"])
        reason, since = self._room.suppression.get(address)
        return {"SuppressedDestination": _suppressed(address.lower(), reason, since)}

    def _delete_suppressed(self, params: Params) -> dict[str, Any]:
        self._room.suppression.remove(unquote(params["EmailAddress"]))
        return {}

    def _list_suppressed(self, params: Params) -> dict[str, Any]:
        reasons = params.get("Reasons") or ["BOUNCE", "COMPLAINT"]
        entries = self._room.suppression.items()
        found = [
            _suppressed(address, reason, since) for address, (reason, since) in entries if reason in reasons
        ]
        return {"SuppressedDestinationSummaries": found}


def _suppressed(address: str, reason: str, since: float) -> dict[str, Any]:
    return {"EmailAddress": address, "Reason": reason, "LastUpdateTime": datetime.fromtimestamp(since, UTC)}
