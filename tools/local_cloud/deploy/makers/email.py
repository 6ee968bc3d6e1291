"""SES: configuration sets, where their events go, and identities."""

import re

from local_cloud.deploy.stack import Created, Make, Properties, physical_name
from local_cloud.services import Services

_INNER_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def email_makers(services: Services, stack: str) -> dict[str, Make]:
    def configuration_set(logical_id: str, properties: Properties) -> Created:
        name = properties.pop("Name", None) or physical_name(stack, logical_id)
        for without_effect in (
            "Tags",
            "VdmOptions",
            "TrackingOptions",
            "ReputationOptions",
            "DeliveryOptions",
        ):
            properties.pop(without_effect, None)
        services.client("sesv2").create_configuration_set(ConfigurationSetName=name, **properties)
        return Created(name)

    def event_destination(logical_id: str, properties: Properties) -> Created:
        destination = dict(properties["EventDestination"])
        name = destination.pop("Name", None) or logical_id
        # CloudFormation writes `renderingFailure` and `TopicARN`, the API RENDERING_FAILURE and `TopicArn`.
        if "SnsDestination" in destination:
            destination["SnsDestination"] = {"TopicArn": destination["SnsDestination"]["TopicARN"]}
        kinds = [_INNER_CAPITAL.sub("_", kind).upper() for kind in destination["MatchingEventTypes"]]
        services.client("sesv2").create_configuration_set_event_destination(
            ConfigurationSetName=properties["ConfigurationSetName"],
            EventDestinationName=name,
            EventDestination={**destination, "MatchingEventTypes": kinds},
        )
        return Created(f"{properties['ConfigurationSetName']}|{name}", {"Id": name})

    def identity(_: str, properties: Properties) -> Created:
        configured = properties.get("ConfigurationSetAttributes", {}).get("ConfigurationSetName")
        services.client("sesv2").create_email_identity(
            EmailIdentity=properties["EmailIdentity"],
            **({"ConfigurationSetName": configured} if configured else {}),
        )
        tokens = {}
        for number in (1, 2, 3):
            tokens[f"DkimDNSTokenName{number}"] = f"token{number}._domainkey.{properties['EmailIdentity']}"
            tokens[f"DkimDNSTokenValue{number}"] = f"token{number}.dkim.amazonses.com"
        return Created(properties["EmailIdentity"], tokens)

    return {
        "AWS::SES::ConfigurationSet": configuration_set,
        "AWS::SES::ConfigurationSetEventDestination": event_destination,
        "AWS::SES::EmailIdentity": identity,
    }
