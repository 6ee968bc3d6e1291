"""A retained table can be taken into a new stack: the template for it is one that CloudFormation takes."""

import json
import subprocess
import sys
from pathlib import Path

from import_template import RETAINED, import_template, to_import
from stack_files import ROOT, template

NAMES = {"Table": "outreach-Table-1", "TemplateBucket": "outreach-bucket-1", "SenderIdentity": "kestrel.shop"}


def test_everything_that_a_deleted_stack_keeps_is_imported() -> None:
    kept = {name for name, each in template()["Resources"].items() if each.get("DeletionPolicy") == "Retain"}

    assert set(RETAINED) == kept
    assert {each["LogicalResourceId"] for each in to_import(NAMES)} == kept
    assert to_import(NAMES)[0] == {
        "ResourceType": "AWS::DynamoDB::Table",
        "LogicalResourceId": "Table",
        "ResourceIdentifier": {"TableName": "outreach-Table-1"},
    }


def test_what_is_imported_is_declared_as_the_stack_declares_it_and_is_valid(tmp_path: Path) -> None:
    made, declared = import_template(NAMES)["Resources"], template()["Resources"]
    for name in ("Table", "TemplateBucket"):
        assert made[name] == declared[name]
    file = tmp_path / "template.json"
    file.write_text(json.dumps(import_template(NAMES)))

    linted = subprocess.run(
        [Path(sys.executable).with_name("cfn-lint"), file],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )

    assert (linted.returncode, linted.stdout) == (0, "")
