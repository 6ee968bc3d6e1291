"""What the template says about one function."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_cloud.access.callers import ACCOUNT, REGION


@dataclass(frozen=True, slots=True)
class FunctionConfiguration:
    """One deployed function."""

    logical_id: str
    name: str
    handler: str
    code: Path
    role: str
    """Name of the execution role."""
    timeout: int
    """Seconds."""
    memory: int
    """Megabytes."""
    environment: Mapping[str, str]
    layers: tuple[Path, ...] = ()
    dead_letter_arn: str = ""

    @property
    def arn(self) -> str:
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.name}"


@dataclass(frozen=True, slots=True)
class AsynchronousRules:
    """What Lambda does with an asynchronous invocation that fails (AWS::Lambda::EventInvokeConfig)."""

    maximum_retries: int = 2
    maximum_age: int = 21_600
    """Seconds."""
    on_failure: str = ""
    on_success: str = ""

    @classmethod
    def from_properties(cls, properties: Mapping[str, Any]) -> "AsynchronousRules":
        """Read the CloudFormation properties."""
        destinations = properties.get("DestinationConfig", {})
        return cls(
            maximum_retries=int(properties.get("MaximumRetryAttempts", 2)),
            maximum_age=int(properties.get("MaximumEventAgeInSeconds", 21_600)),
            on_failure=destinations.get("OnFailure", {}).get("Destination", ""),
            on_success=destinations.get("OnSuccess", {}).get("Destination", ""),
        )


def environment_of(configuration: FunctionConfiguration, inherited: Mapping[str, str]) -> dict[str, str]:
    """The environment variables that a function sees on Lambda; `/opt` becomes the layer's directory."""
    own = {
        key: _through_layers(value, configuration.layers) for key, value in configuration.environment.items()
    }
    return {
        **{key: inherited[key] for key in ("PATH", "HOME", "LANG") if key in inherited},
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(configuration.memory),
        "AWS_LAMBDA_FUNCTION_NAME": configuration.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{configuration.name}",
        "AWS_REGION": REGION,
        "LAMBDA_TASK_ROOT": str(configuration.code),
        "POWERTOOLS_TRACE_DISABLED": "1",
        "TZ": "UTC",
        "_HANDLER": configuration.handler,
        **own,
    }


def _through_layers(value: str, layers: tuple[Path, ...]) -> str:
    if value != "/opt" and not value.startswith("/opt/"):
        return value
    inside = value.removeprefix("/opt").lstrip("/")
    # Layers are unpacked one over the other, so the last one that has the file wins.
    for layer in reversed(layers):
        if (layer / inside).exists():
            return str(layer / inside)
    return str(layers[-1] / inside) if layers else value
