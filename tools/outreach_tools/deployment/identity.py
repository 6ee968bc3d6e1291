"""Whether the stack has to create the sender's SES identity, or finds one."""

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

LOGICAL_ID = "SenderIdentity"
_FEWEST_LABELS = 2
"""Of a domain that can be registered."""


def creates_identity(client: Callable[[str], Any], stack: str, address: str) -> bool:
    """True when this stack created the identity, or none exists: neither of the domain nor of one above it.

    An identity of a domain covers its subdomains. Raises ClientError and BotoCoreError.
    """
    domain = address.rpartition("@")[2].lower()
    if _of_stack(client, stack) == domain:
        return True
    labels = domain.split(".")
    ses = client("sesv2")
    above = (".".join(labels[first:]) for first in range(len(labels) - _FEWEST_LABELS + 1))
    return not any(_exists(ses, each) for each in above)


def _of_stack(client: Callable[[str], Any], stack: str) -> str | None:
    """The domain whose identity the stack keeps; None when it keeps none, or does not exist."""
    try:
        found = client("cloudformation").describe_stack_resource(
            StackName=stack, LogicalResourceId=LOGICAL_ID
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return None
        raise
    name: str = found["StackResourceDetail"].get("PhysicalResourceId", "")
    return name.lower()


def _exists(ses: Any, domain: str) -> bool:
    try:
        ses.get_email_identity(EmailIdentity=domain)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NotFoundException":
            return False
        raise
    return True
