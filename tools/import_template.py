"""Write what `aws cloudformation` needs to take a retained table, bucket and identity into a new stack.

UPGRADING.md says when. It makes two files in out/import and prints the commands; it calls nothing.
"""

import argparse
import json
import shlex
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "out" / "import"
RETAINED = {"Table": "TableName", "TemplateBucket": "BucketName", "SenderIdentity": "EmailIdentity"}
"""Logical ids of template.yaml, and the property by which CloudFormation finds each."""


def main() -> None:
    """Read the options, write the files, print the next steps."""
    parser = argparse.ArgumentParser(prog="tools/import_template.py", description=__doc__)
    parser.add_argument("stack", help="the name of the new stack; it must be the old stack's")
    parser.add_argument("--table", required=True, help="the name of the retained table")
    parser.add_argument("--bucket", required=True, help="the name of the retained bucket of templates")
    parser.add_argument("--from", dest="address", required=True, help="the address that messages come from")
    parser.add_argument(
        "--no-identity", action="store_true", help="the old stack did not create the SES identity"
    )
    read = parser.parse_args()
    names = {"Table": read.table, "TemplateBucket": read.bucket}
    if not read.no_identity:
        names["SenderIdentity"] = read.address.rpartition("@")[2].lower()
    OUT.mkdir(parents=True, exist_ok=True)
    template, imported = OUT / "template.json", OUT / "resources.json"
    template.write_text(json.dumps(import_template(names), indent=2), "utf-8")
    imported.write_text(json.dumps(to_import(names), indent=2), "utf-8")
    stack = shlex.quote(read.stack)
    change_set = f"--stack-name {stack} --change-set-name retained"
    print(
        f"aws cloudformation create-change-set {change_set} --change-set-type IMPORT "
        f"--template-body file://{template} --resources-to-import file://{imported}\n"
        f"aws cloudformation wait change-set-create-complete {change_set}\n"
        f"aws cloudformation execute-change-set {change_set}\n"
        f"aws cloudformation wait stack-import-complete --stack-name {stack}\n"
        f"make deploy STACK={stack}"
    )


def import_template(names: dict[str, str]) -> dict[str, Any]:
    """A template of the named resources alone: an import may create nothing else (CloudFormation)."""
    declared = yaml_parse((ROOT / "template.yaml").read_text("utf-8"))["Resources"]
    resources = {}
    for logical_id, name in names.items():
        resource = {part: value for part, value in declared[logical_id].items() if part != "Condition"}
        if logical_id == "SenderIdentity":
            resource["Properties"] = {RETAINED[logical_id]: name}
        resources[logical_id] = resource
    return {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}


def to_import(names: dict[str, str]) -> list[dict[str, Any]]:
    """Which existing resource each one is."""
    resources = import_template(names)["Resources"]
    return [
        {
            "ResourceType": resources[logical_id]["Type"],
            "LogicalResourceId": logical_id,
            "ResourceIdentifier": {RETAINED[logical_id]: name},
        }
        for logical_id, name in names.items()
    ]


if __name__ == "__main__":
    main()
