"""Tables and buckets."""

from local_cloud.deploy.stack import Created, Make, Properties, physical_name
from local_cloud.errors import TemplateError
from local_cloud.services import Services

_BUCKET_SETTINGS_WITHOUT_EFFECT = {
    "AccessControl",
    "BucketEncryption",
    "CorsConfiguration",
    "LifecycleConfiguration",
    "LoggingConfiguration",
    "OwnershipControls",
    "PublicAccessBlockConfiguration",
    "Tags",
}
_TABLE_SETTINGS_WITHOUT_EFFECT = {
    "ContributorInsightsSpecification",
    "OnDemandThroughput",
    "ResourcePolicy",
    "SSESpecification",
    "TableClass",
    "Tags",
    "WarmThroughput",
}


def storage_makers(services: Services, stack: str) -> dict[str, Make]:
    def table(logical_id: str, properties: Properties) -> Created:
        return _table(
            services, properties.pop("TableName", None) or physical_name(stack, logical_id), properties
        )

    def bucket(logical_id: str, properties: Properties) -> Created:
        s3 = services.client("s3")
        name = properties.pop("BucketName", None) or physical_name(stack, logical_id).lower()
        s3.create_bucket(Bucket=name)
        if "VersioningConfiguration" in properties:
            s3.put_bucket_versioning(
                Bucket=name, VersioningConfiguration=properties.pop("VersioningConfiguration")
            )
        if left := set(properties) - _BUCKET_SETTINGS_WITHOUT_EFFECT:
            raise TemplateError(f"bucket settings {sorted(left)} are not emulated")
        domain = f"{name}.s3.amazonaws.com"
        return Created(
            name, {"Arn": f"arn:aws:s3:::{name}", "DomainName": domain, "RegionalDomainName": domain}
        )

    def bucket_policy(logical_id: str, _: Properties) -> Created:
        return Created(logical_id)

    return {
        "AWS::DynamoDB::Table": table,
        "AWS::S3::Bucket": bucket,
        "AWS::S3::BucketPolicy": bucket_policy,
    }


def _table(services: Services, name: str, properties: Properties) -> Created:
    dynamodb = services.client("dynamodb")
    expiry = properties.pop("TimeToLiveSpecification", None)
    recovery = properties.pop("PointInTimeRecoverySpecification", None)
    kept = {key: value for key, value in properties.items() if key not in _TABLE_SETTINGS_WITHOUT_EFFECT}
    description = dynamodb.create_table(TableName=name, **kept)["TableDescription"]
    if expiry:
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)
    if recovery:
        dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery)
    return Created(name, {"Arn": description["TableArn"]})
