"""CloudWatch alarms."""

from local_cloud.access.callers import ACCOUNT, REGION
from local_cloud.alarms.alarm import AlarmRule
from local_cloud.deploy.stack import Created, Make, Properties, physical_name
from local_cloud.errors import NotEmulatedError
from local_cloud.services import Services


def monitoring_makers(services: Services, stack: str) -> dict[str, Make]:
    def alarm(logical_id: str, properties: Properties) -> Created:
        try:
            services.alarm_rules[logical_id] = AlarmRule(properties)
        except NotEmulatedError as error:  # a stack runs without it; reading the alarm raises the error
            services.alarm_rules[logical_id] = error
        name = properties.get("AlarmName") or physical_name(stack, logical_id)
        return Created(name, {"Arn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"})

    return {"AWS::CloudWatch::Alarm": alarm}
