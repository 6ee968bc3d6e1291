"""Resources without effect on handlers that only need names: log groups, saved queries."""

from local_cloud.access.callers import ACCOUNT, REGION
from local_cloud.deploy.stack import Created, Make, Properties, physical_name

# Type -> the property that may name it, and the ARN (if any) that GetAtt gives.
_TYPES = {
    "AWS::Logs::LogGroup": ("LogGroupName", "logs:log-group:{}:*"),
    "AWS::Logs::QueryDefinition": ("Name", ""),
}


def inert_makers(stack: str) -> dict[str, Make]:
    return {resource_type: _maker(stack, *how) for resource_type, how in _TYPES.items()}


def _maker(stack: str, naming: str, arn: str) -> Make:
    def make(logical_id: str, properties: Properties) -> Created:
        given = properties.get(naming) if naming else None
        name = given if isinstance(given, str) else physical_name(stack, logical_id)
        service, _, rest = arn.format(name).partition(":")
        attributes = {"Arn": f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"} if arn else {}
        return Created(name, {**attributes, "KeyId": name, "Id": name})

    return make
