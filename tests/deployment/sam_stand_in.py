"""Replaces uv, which runs the SAM CLI: records how it was called, makes a stack at the endpoint.

The test copies it there, with its interpreter as the first line.
"""

import json
import sys
import tomllib
from pathlib import Path

import boto3

TEMPLATE = {
    "Resources": {
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [
                    {"AttributeName": "PK", "AttributeType": "S"},
                    {"AttributeName": "SK", "AttributeType": "S"},
                ],
                "KeySchema": [
                    {"AttributeName": "PK", "KeyType": "HASH"},
                    {"AttributeName": "SK", "KeyType": "RANGE"},
                ],
            },
        },
        "Bucket": {"Type": "AWS::S3::Bucket"},
    },
    "Outputs": {
        "TableName": {"Value": {"Ref": "Table"}},
        "TemplateBucketName": {"Value": {"Ref": "Bucket"}},
    },
}

project = Path(__file__).resolve().parents[2]
arguments = sys.argv[sys.argv.index("sam") + 1 :]
with (project / "sam-calls.jsonl").open("a") as calls:
    calls.write(json.dumps(arguments) + "\n")
if arguments[0] == "build":
    (project / ".aws-sam" / "build").mkdir(parents=True, exist_ok=True)
if arguments[0] == "deploy":
    stack = arguments[arguments.index("--config-env") + 1]
    settings = tomllib.loads((project / "samconfig.toml").read_text())[stack]["deploy"]["parameters"]
    cloudformation = boto3.client("cloudformation", region_name=settings["region"])
    known = [each["StackName"] for each in cloudformation.describe_stacks()["Stacks"]]
    if stack not in known:
        cloudformation.create_stack(StackName=stack, TemplateBody=json.dumps(TEMPLATE))
