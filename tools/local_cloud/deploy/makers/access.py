"""Roles and policies."""

from local_cloud.access.callers import role_name
from local_cloud.deploy.stack import Created, Make, Properties, physical_name
from local_cloud.services import Services


def access_makers(services: Services, stack: str) -> dict[str, Make]:
    def role(logical_id: str, properties: Properties) -> Created:
        name = properties.get("RoleName") or physical_name(stack, logical_id)
        documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
        managed = properties.get("ManagedPolicyArns", [])
        own = [arn for arn in managed if arn in managed_documents]
        documents += [managed_documents[arn] for arn in own]
        arn = services.roles.add(
            name,
            properties["AssumeRolePolicyDocument"],
            documents,
            [arn for arn in managed if arn not in managed_documents],
        )
        return Created(name, {"Arn": arn, "RoleId": f"AROA{name[-12:].upper()}"})

    def policy(logical_id: str, properties: Properties) -> Created:
        for name in properties.get("Roles", []):
            services.roles.extend(role_name(name), properties["PolicyDocument"])
        return Created(properties.get("PolicyName") or physical_name(stack, logical_id))

    def managed_policy(logical_id: str, properties: Properties) -> Created:
        name = properties.get("ManagedPolicyName") or physical_name(stack, logical_id)
        arn = f"arn:aws:iam::123456789012:policy/{name}"
        managed_documents[arn] = properties["PolicyDocument"]
        policy(logical_id, properties)
        return Created(arn, {"PolicyArn": arn})

    managed_documents: dict[str, Properties] = {}
    return {"AWS::IAM::Role": role, "AWS::IAM::Policy": policy, "AWS::IAM::ManagedPolicy": managed_policy}
