"""The local cloud's README says what it offers, and it offers nothing that no template uses."""

import re
from pathlib import Path

import local_cloud
from local_cloud.deploy.template import read_template

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "tools/local_cloud/README.md").read_text("utf-8")
PACKAGE = PROJECT / "tools/local_cloud"


def section(heading: str) -> str:
    return README.split(f"## {heading}\n")[1].split("\n## ")[0]


def test_the_readme_names_the_whole_public_api() -> None:
    rows = [line.split("|")[1] for line in section("Public API").splitlines() if line.startswith("| `")]

    assert sorted(re.findall(r"`(\w+)`", "".join(rows))) == sorted(local_cloud.__all__)


def test_the_readme_names_every_resource_type_and_each_is_used_by_a_template() -> None:
    named = set(re.findall(r"`(AWS::(?!Serverless)\w+::\w+)`", section("Resource types")))
    templates = (PROJECT / "template.yaml", Path(__file__).parent / "sample_app/template.yaml")
    used = {
        resource["Type"] for file in templates for resource in read_template(file, {})["Resources"].values()
    }

    assert named == used
    assert named == types_made()


def types_made() -> set[str]:
    """The keys of the makers, without a cloud to make them in."""
    texts = [file.read_text("utf-8") for file in (PACKAGE / "deploy/makers").glob("*.py")]
    return {each for text in texts for each in re.findall(r'"(AWS::\w+::\w+)":', text)}


def test_the_readme_names_every_folder() -> None:
    named = set(re.findall(r"^\| `(\w+)/`", section("Folders"), re.MULTILINE))

    assert named == {each.parent.name for each in PACKAGE.glob("*/__init__.py")}
