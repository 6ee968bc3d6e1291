"""The stack as its files say: template.yaml after the SAM transform, and the state machines."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parents[1]
MACHINES = sorted((ROOT / "statemachines").glob("*.asl.json"))


@cache
def template() -> dict[str, Any]:
    return dict(yaml_parse((ROOT / "template.yaml").read_text()))


def resources(kind: str) -> dict[str, Any]:
    return {name: it["Properties"] for name, it in template()["Resources"].items() if it["Type"] == kind}


def machine(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text()))


def substitutions_of(file: Path) -> dict[str, Any]:
    uri = f"statemachines/{file.name}"
    (found,) = [
        it for it in resources("AWS::Serverless::StateMachine").values() if it["DefinitionUri"] == uri
    ]
    return dict(found["DefinitionSubstitutions"])


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\$\{([A-Za-z0-9]+)\}", text))


class ManagedPolicies:
    """Replaces the look-up of managed policies, which would need an account."""

    @staticmethod
    def load() -> dict[str, str]:
        names = ("AWSXRayDaemonWriteAccess", "AWSXrayWriteOnlyAccess", "AWSLambdaBasicExecutionRole")
        return {name: f"arn:aws:iam::aws:policy/{name}" for name in names}


def transformed() -> dict[str, Any]:
    """What CloudFormation gets: code and definitions are replaced by places in a bucket."""
    source = json.loads(json.dumps(template()))
    source["Globals"]["Function"]["CodeUri"] = "s3://bucket/code.zip"
    for resource in source["Resources"].values():
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = "s3://bucket/layer.zip"
        if resource["Type"] == "AWS::Serverless::StateMachine":
            resource["Properties"]["DefinitionUri"] = "s3://bucket/machine.json"
    return dict(transform(source, {}, ManagedPolicies()))
