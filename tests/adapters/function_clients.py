"""Clients of AWS as deployed functions have them: with our additions to botocore's models."""

from functools import cache
from pathlib import Path
from typing import Any

import boto3
import moto.core.models  # noqa: F401 - it answers sessions that are made after it was imported
import pytest

AWS_MODELS = Path(__file__).parents[2] / "functions" / "outreach" / "adapters" / "aws_models"


def function_client(service: str, **options: Any) -> Any:
    """A new client; they share a session, because reading botocore's models takes longer than most tests."""
    return _session().client(service, **options)


@cache
def _session() -> boto3.Session:
    """Finds the additions by the variable that template.yaml sets."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DATA_PATH", str(AWS_MODELS))
        session = boto3.Session()
        session.get_available_services()  # the loader reads the variable at its first call
        return session
