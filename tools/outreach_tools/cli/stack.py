"""The stack that a command works on: deployed on AWS, or any other with outputs and clients."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Annotated, Any, NoReturn

import typer

from outreach_tools.cli.screen import fail
from outreach_tools.wiring import MissingOutputError, Stack

StackName = Annotated[
    str, typer.Option("--stack", envvar="OUTREACH_STACK", help="Name of the CloudFormation stack.")
]


class DeployedStack:
    """A stack on AWS, found by its name with the environment's credentials.

    Its Region is the one that samconfig.toml keeps for it, else the environment's.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    @cached_property
    def outputs(self) -> Mapping[str, str]:
        """Read from CloudFormation once. A stack of another release is reported, or the command fails."""
        found = self.client("cloudformation").describe_stacks(StackName=self._name)["Stacks"][0]
        outputs = {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", ())}
        from outreach_tools.cli.stack_release import compare_releases

        compare_releases(outputs, self._name)
        return outputs

    def client(self, service: str) -> Any:
        """A new client; credentials come from where boto3 looks for them."""
        import boto3

        from outreach_tools.deployment.settings_file import kept_region

        return boto3.client(service, region_name=kept_region(self._name))  # type: ignore[call-overload]  # one name per service


def stack_of(context: typer.Context, name: str) -> Stack:
    """The stack handed to the command from outside (a test's local cloud), else the deployed one."""
    given: Stack | None = context.obj
    return DeployedStack(name) if given is None else given


def output_of(stack: Stack, name: str, stack_name: str) -> str:
    """One output of the stack, or a failure that says what is missing."""
    try:
        return stack.outputs[name]
    except KeyError:
        _fail_without(name, stack_name)


def _fail_without(output: str, stack_name: str) -> NoReturn:
    fail(f"stack {stack_name} has no output {output}; is it a stack of Outreach, and up to date?")


@contextmanager
def aws_failures(stack_name: str) -> Iterator[None]:
    """Turn a missing output and the errors of AWS or boto3 into one clear line."""
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        NoRegionError,
    )

    try:
        yield
    except MissingOutputError as missing:
        _fail_without(missing.args[0], stack_name)
    except ClientError as error:
        code, operation = error.response["Error"]["Code"], error.operation_name
        # AWS's own text names resources and callers, and helps; it holds no customer's data here.
        fail(f"AWS refused {operation} for stack {stack_name}: {code}: {error.response['Error']['Message']}")
    except NoRegionError:
        fail(
            f"stack {stack_name} is in no known Region: set AWS_DEFAULT_REGION, or run `make deploy`, which "
            "keeps the Region in samconfig.toml"
        )
    except BotoCoreError as error:
        fail(f"could not reach AWS for stack {stack_name}: {error}")
