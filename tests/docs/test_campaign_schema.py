"""The JSON Schema of campaign files is kept in the docs, and accepts what loading accepts."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from docs.page import DOCS
from docs.whole_file import whole
from outreach.adapters.campaign_files.campaign_file import campaign_schema, load
from outreach.adapters.campaign_files.yaml_lines import read_yaml
from outreach.domain.errors import InvalidCampaignError


def test_the_file_in_the_docs_is_the_schema() -> None:
    assert json.loads((DOCS / "campaign.schema.json").read_text("utf-8")) == campaign_schema(), (
        "write it again: outreach schema campaign > docs/campaign.schema.json"
    )


@pytest.mark.parametrize(
    "file", sorted(DOCS.parent.glob("templates/*/campaign.yaml")), ids=lambda f: f.parent.name
)
def test_it_accepts_the_campaigns_that_are_shipped(file: Path) -> None:
    jsonschema.validate(read_yaml(file.read_text("utf-8")).data, campaign_schema())


@pytest.mark.parametrize(
    "text",
    [
        "- sned: hello",
        "- send: hello\n  wait: 1d",
        "- wait: soon",
        "- wait_for: order.delayed",
        "driver: bus",
        "holdout: ten",
        "priority: 101",
    ],
)
def test_it_refuses_what_loading_refuses(text: str) -> None:
    with pytest.raises(InvalidCampaignError):
        load(whole(text), file="x")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(read_yaml(whole(text)).data, campaign_schema())


def test_every_field_says_what_it_is_for() -> None:
    schema: Any = campaign_schema()
    parts = [schema, *(part for part in schema["$defs"].values() if "properties" in part)]

    silent = [
        name for part in parts for name, field in part["properties"].items() if "description" not in field
    ]
    assert silent == []
