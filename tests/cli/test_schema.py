"""`outreach schema`: what editors and producers read."""

import json
from collections.abc import Callable

import pytest
from typer.testing import Result


@pytest.mark.parametrize(("subject", "field"), [("campaign", "trigger"), ("event", "occurred_at")])
def test_a_schema_is_json_schema_and_requires_what_it_must(
    outreach: Callable[..., Result], subject: str, field: str
) -> None:
    schema = json.loads(outreach("schema", subject).stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert field in schema["required"]


def test_a_subject_without_a_schema_is_a_usage_error(outreach: Callable[..., Result]) -> None:
    asked = outreach("schema", "order")
    assert asked.exit_code == 2
    assert "order" in asked.stderr
