"""The stack as it is built for AWS, changed only where ministack cannot do what AWS does."""

import json
import re
import shutil
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_cloud.deploy.template import directory_of, read_template
from referee.emulators import ACCOUNT, REGION, Emulators
from referee.tools import ROOT

sys.path.insert(0, str(ROOT / "tools"))
from lambda_package import install, slim

STACK = "referee"
BUCKET = "referee-artifacts"
FROM = "shop@example.test"
PARAMETERS = {"FromAddress": FROM, "FromName": "Juniper & Oak"}
UNKNOWN_TYPES = frozenset(
    {"AWS::Events::EventBusPolicy", "AWS::Events::Archive", "AWS::Logs::QueryDefinition"}
)
"""What ministack 1.5.33 has no maker for."""
_PATIENCE = 300
"""Seconds that ministack may take for the stack."""


class DeploymentFailedError(Exception):
    """ministack refused the stack; the text is its own."""


@dataclass(slots=True)
class Deployed:
    """The deployed stack."""

    outputs: dict[str, str]
    resources: int
    differences: list[str] = field(default_factory=list)
    """How what was deployed differs from template.yaml, one line each."""


def deploy(emulators: Emulators, folder: Path) -> Deployed:
    """Build, upload and deploy. Raises DeploymentFailedError."""
    package, templates = _built(folder)
    s3 = emulators.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    places = {ROOT / "functions": package, ROOT / "templates": templates}
    archives = {
        source.resolve(): Path(shutil.make_archive(str(folder / built.name), "zip", built))
        for source, built in places.items()
    }
    for archive in archives.values():
        s3.upload_file(str(archive), BUCKET, archive.name)
    template = read_template(ROOT / "template.yaml", PARAMETERS)
    differences = _fit(template, package, templates)
    _point_to(template, {source: archive.name for source, archive in archives.items()})
    cloudformation = emulators.client("cloudformation")
    s3.put_object(Bucket=BUCKET, Key="template.json", Body=json.dumps(template).encode())
    cloudformation.create_stack(
        StackName=STACK,
        TemplateURL=f"{emulators.aws_url}/{BUCKET}/template.json",
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in PARAMETERS.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    stack = _await_stack(cloudformation)
    _add_routes(emulators, template)
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", ())}
    return Deployed(outputs, len(template["Resources"]), differences)


def _built(folder: Path) -> tuple[Path, Path]:
    package, templates = folder / "package", folder / "templates"
    for built in (package, templates):
        shutil.rmtree(built, ignore_errors=True)
    install(package)
    slim(package)
    shutil.copytree(ROOT / "templates", templates)
    return package, templates


def _fit(template: dict[str, Any], package: Path, templates: Path) -> list[str]:
    """Leave out and change what ministack cannot do; returns a line for each."""
    left_out: Counter[str] = Counter()
    for name, resource in list(template["Resources"].items()):
        kind, properties = resource["Type"], resource["Properties"]
        if kind in UNKNOWN_TYPES:
            left_out[kind] += 1
        elif kind == "AWS::CloudWatch::Alarm" and "Metrics" in properties:
            left_out[f"{kind} of several metrics"] += 1
        else:
            if kind == "AWS::Lambda::Function":
                variables = properties["Environment"]["Variables"]
                variables |= {
                    "TEMPLATES_DIR": str(templates),
                    "AWS_DATA_PATH": str(package / "outreach/adapters/aws_models"),
                }
                properties["Architectures"] = ["x86_64"]
            continue
        del template["Resources"][name]
    lines = [f"left out: {number} x {kind}" for kind, number in sorted(left_out.items())]
    return [
        *lines,
        "functions are built for this machine's architecture and not for arm64",
        "TEMPLATES_DIR and AWS_DATA_PATH name folders of this machine: there is no /opt and no /var/task",
        "the routes of the HTTP API are added one by one: the stack's `Body` is ignored",
        "SES v2 is aws-ses-v2-local's, by AWS_ENDPOINT_URL_SESV2: it publishes no reports",
    ]


def _point_to(template: dict[str, Any], keys: dict[Path, str]) -> None:
    """From the folders of this machine to what was uploaded."""
    for name, resource in template["Resources"].items():
        part = {"AWS::Lambda::Function": "Code", "AWS::Lambda::LayerVersion": "Content"}.get(resource["Type"])
        if part is not None:
            source = directory_of(resource["Properties"][part], name)
            resource["Properties"][part] = {"S3Bucket": BUCKET, "S3Key": keys[source]}


def _add_routes(emulators: Emulators, template: dict[str, Any]) -> None:
    """Those of the API's OpenAPI document, each to the function that it names."""
    cloudformation, gateway = emulators.client("cloudformation"), emulators.client("apigatewayv2")

    def physical(logical_id: str) -> str:
        found = cloudformation.describe_stack_resource(StackName=STACK, LogicalResourceId=logical_id)
        name: str = found["StackResourceDetail"]["PhysicalResourceId"]
        return name

    resources = template["Resources"].items()
    ((api, properties),) = [
        (name, each["Properties"]) for name, each in resources if each["Type"] == "AWS::ApiGatewayV2::Api"
    ]
    for path, methods in properties["Body"]["paths"].items():
        for method, operation in methods.items():
            wanted = operation["x-amazon-apigateway-integration"]
            function = re.search(r"\$\{(\w+)\.Arn\}", wanted["uri"]["Fn::Sub"])
            if function is None:
                raise DeploymentFailedError(f"{method} {path} names no function")
            arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{physical(function[1])}"
            made = gateway.create_integration(
                ApiId=physical(api),
                IntegrationType="AWS_PROXY",
                IntegrationUri=arn,
                PayloadFormatVersion=wanted["payloadFormatVersion"],
            )
            target = f"integrations/{made['IntegrationId']}"
            gateway.create_route(ApiId=physical(api), RouteKey=f"{method.upper()} {path}", Target=target)


def _await_stack(cloudformation: Any) -> dict[str, Any]:
    end = time.monotonic() + _PATIENCE
    while True:
        stack: dict[str, Any] = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
        status = stack["StackStatus"]
        if status == "CREATE_COMPLETE":
            return stack
        if status != "CREATE_IN_PROGRESS" or time.monotonic() > end:
            events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
            reasons = [
                f"{each['LogicalResourceId']}: {each.get('ResourceStatusReason', '')}"
                for each in events
                if each["ResourceStatus"].endswith("FAILED")
            ]
            raise DeploymentFailedError("\n".join([f"the stack is {status}", *reasons]))
        time.sleep(0.5)
