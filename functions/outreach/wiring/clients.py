"""The boto3 clients, one of each in a process."""

from functools import cache
from typing import Any


@cache
def client(service: str, config: Any = None) -> Any:
    import boto3

    return boto3.client(service, config=config)  # type: ignore[call-overload]  # one name per service


@cache
def unchecked_dynamodb_client() -> Any:
    """Without botocore's validation of parameters: tests do that, and it took a third of a send's CPU."""
    from botocore.config import Config

    return client("dynamodb", Config(parameter_validation=False))


@cache
def ses_client() -> Any:
    from outreach.adapters.ses.mailer import ses_client_config

    return client("sesv2", ses_client_config())
