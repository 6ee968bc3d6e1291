"""Clients of AWS as deployed functions have them: with our additions to botocore's models."""

from pathlib import Path
from typing import Any

import boto3
import pytest

AWS_MODELS = Path(__file__).parents[2] / "functions" / "outreach" / "adapters" / "aws_models"


def function_client(service: str, **options: Any) -> Any:
    """A client whose session finds the additions, by the variable that template.yaml sets."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_DATA_PATH", str(AWS_MODELS))
        return boto3.Session().client(service, **options)  # type: ignore[call-overload]  # one name per service
