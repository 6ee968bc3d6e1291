"""botocore finds our additions to its models, and passes on unchanged what it used to walk through."""

from pathlib import Path

import pytest

from adapters.function_clients import AWS_MODELS, function_client
from stack_files import ROOT, template


def test_functions_know_where_the_additions_are() -> None:
    told = template()["Globals"]["Function"]["Environment"]["Variables"]["AWS_DATA_PATH"]

    assert Path(told.replace("/var/task", str(ROOT / "functions"))) == AWS_MODELS
    assert list(AWS_MODELS.rglob("*.sdk-extras.json"))


@pytest.mark.parametrize(
    ("service", "shape"),
    [
        ("dynamodb", "AttributeMap"),
        ("dynamodb", "AttributeValue"),
        ("dynamodb", "TransactWriteItem"),
        ("sesv2", "BulkEmailEntry"),
    ],
)
def test_what_is_marked_is_a_document(service: str, shape: str) -> None:
    client = function_client(service)

    assert client.meta.service_model.shape_for(shape).is_document_type
