"""Roles and policies."""

from local_cloud.access.callers import role_name
from local_cloud.deploy.stack import Created, Make, Properties, physical_name
from local_cloud.services import Services


def access_makers(services: Services, stack: str) -> dict[str, Make]:
    def role(logical_id: str, properties: Properties) -> Created:
        name = properties.get("RoleName") or physical_name(stack, logical_id)
        documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
        managed = properties.get("ManagedPolicyArns", [])
        arn = services.roles.add(name, properties["AssumeRolePolicyDocument"], documents, managed)
        return Created(name, {"Arn": arn, "RoleId": f"AROA{name[-12:].upper()}"})

    def policy(logical_id: str, properties: Properties) -> Created:
        for name in properties.get("Roles", []):
            services.roles.extend(role_name(name), properties["PolicyDocument"])
        return Created(properties.get("PolicyName") or physical_name(stack, logical_id))

    return {"AWS::IAM::Role": role, "AWS::IAM::Policy": policy}
