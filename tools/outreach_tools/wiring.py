"""The adapters of one stack, for every tool: each is built here, from outputs, when it is first asked for.

An adapter is imported with it: a command loads what it uses.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from outreach.adapters.bundles.bundle_store import S3BundleStore
    from outreach.adapters.bundles.publications import DynamoPublications
    from outreach.adapters.dynamodb import DynamoTable
    from outreach.adapters.dynamodb.feedback.feedback_marks import DynamoFeedbackMarks
    from outreach.adapters.dynamodb.operations.table_format import DynamoTableFormat
    from outreach.adapters.dynamodb.sending.rate_limiter import DynamoRateLimiter
    from outreach.adapters.dynamodb.sending.sending_state import DynamoSendingState
    from outreach.adapters.dynamodb.sweeps.sweep_log import DynamoSweepLog
    from outreach.adapters.dynamodb.sweeps.swept_campaigns import DynamoSweptCampaigns
    from outreach.adapters.ses.mailer import SesMailer
    from outreach.adapters.stepfunctions.executions import StepFunctionsExecutions
    from outreach.adapters.stepfunctions.sweeps import StepFunctionsSweeps
    from outreach.adapters.stepfunctions.workflows import StepFunctionsWorkflows
    from outreach.adapters.system_clock import SystemClock
    from outreach.usecases.sweeps.arm_wakes import ArmWakes


class MissingOutputError(KeyError):
    """The stack lacks an output; the only argument is its name."""


class Stack(Protocol):
    """What tools need of a stack. The local cloud implements it too."""

    @property
    def outputs(self) -> Mapping[str, str]:
        """The outputs of template.yaml by name, such as `BusName`."""
        ...

    def client(self, service: str) -> Any:
        """A boto3 client that reaches the stack's account and region."""
        ...


def for_stack(stack: Stack) -> "StackAdapters":
    """The adapters of a stack. Asking for one raises MissingOutputError if the stack lacks its output."""
    return StackAdapters(stack)


class StackAdapters:
    """Every adapter that a tool uses."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def output(self, name: str) -> str:
        """Raises MissingOutputError."""
        try:
            return self.stack.outputs[name]
        except KeyError:
            raise MissingOutputError(name) from None

    @cached_property
    def clock(self) -> "SystemClock":
        from outreach.adapters.system_clock import SystemClock

        return SystemClock()

    @cached_property
    def dynamodb(self) -> Any:
        """The client."""
        return self.stack.client("dynamodb")

    @property
    def table_name(self) -> str:
        return self.output("TableName")

    @cached_property
    def table(self) -> "DynamoTable":
        from outreach.adapters.dynamodb import DynamoTable
        from outreach.adapters.dynamodb.secrets import DynamoSecrets
        from outreach.adapters.ssm.secrets import SsmSecrets

        def address_secret() -> bytes:
            rows = DynamoSecrets(self.dynamodb, self.table_name)
            secrets = SsmSecrets(self.stack.client("ssm"), self.output("SecretsPath"), rows=rows)
            return secrets.get_or_create("addresses")

        shards = int(self.output("DueShards"))
        return DynamoTable(self.dynamodb, self.table_name, shards=shards, address_secret=address_secret)

    @cached_property
    def table_format(self) -> "DynamoTableFormat":
        from outreach.adapters.dynamodb.operations.table_format import DynamoTableFormat

        return DynamoTableFormat(self.dynamodb, self.table_name)

    @cached_property
    def sending_state(self) -> "DynamoSendingState":
        from outreach.adapters.dynamodb.sending.sending_state import DynamoSendingState

        return DynamoSendingState(self.dynamodb, self.table_name, clock=self.clock)

    @cached_property
    def rate_limiter(self) -> "DynamoRateLimiter":
        from outreach.adapters.dynamodb.sending.rate_limiter import DynamoRateLimiter
        from outreach.adapters.ses.account import SesAccount

        return DynamoRateLimiter(self.dynamodb, self.table_name, SesAccount(self.stack.client("sesv2")))

    @cached_property
    def mailer(self) -> "SesMailer":
        from outreach.adapters.ses.mailer import SesMailer

        return SesMailer(
            self.stack.client("sesv2"),
            sender=self.output("Sender"),
            reply_to=self.stack.outputs.get("ReplyTo"),
            configuration_set=self.output("ConfigurationSetName"),
        )

    @cached_property
    def sweep_log(self) -> "DynamoSweepLog":
        from outreach.adapters.dynamodb.sweeps.sweep_log import DynamoSweepLog

        return DynamoSweepLog(self.dynamodb, self.table_name)

    @cached_property
    def swept_campaigns(self) -> "DynamoSweptCampaigns":
        from outreach.adapters.dynamodb.sweeps.swept_campaigns import DynamoSweptCampaigns

        return DynamoSweptCampaigns(self.dynamodb, self.table_name)

    @cached_property
    def sweep_starter(self) -> "StepFunctionsSweeps":
        from outreach.adapters.stepfunctions.sweeps import StepFunctionsSweeps

        machine = self.output("SweepStateMachineArn")
        return StepFunctionsSweeps(self.stack.client("stepfunctions"), state_machine_arn=machine)

    @cached_property
    def arm_wakes(self) -> "ArmWakes":
        from outreach.adapters.stepfunctions.wakes import StepFunctionsWakes
        from outreach.usecases.sweeps.arm_wakes import ArmWakes

        machine = self.output("WakeStateMachineArn")
        timer = StepFunctionsWakes(self.stack.client("stepfunctions"), state_machine_arn=machine)
        return ArmWakes(timer=timer, clock=self.clock, shards=int(self.output("DueShards")))

    @cached_property
    def feedback_marks(self) -> "DynamoFeedbackMarks":
        from outreach.adapters.dynamodb.feedback.feedback_marks import DynamoFeedbackMarks

        return DynamoFeedbackMarks(self.dynamodb, self.table_name)

    @cached_property
    def publications(self) -> "DynamoPublications":
        from outreach.adapters.bundles.publications import DynamoPublications

        return DynamoPublications(self.dynamodb, self.table_name)

    @cached_property
    def bundle_store(self) -> "S3BundleStore":
        from outreach.adapters.bundles.bundle_store import S3BundleStore

        return S3BundleStore(self.stack.client("s3"), self.output("TemplateBucketName"))

    @cached_property
    def workflows(self) -> "StepFunctionsWorkflows":
        from outreach.adapters.stepfunctions.workflows import StepFunctionsWorkflows

        machine = self.output("JourneyStateMachineArn")
        return StepFunctionsWorkflows(self.stack.client("stepfunctions"), state_machine_arn=machine)

    @cached_property
    def executions(self) -> "StepFunctionsExecutions":
        from outreach.adapters.stepfunctions.executions import StepFunctionsExecutions

        machine = self.output("JourneyStateMachineArn")
        client = self.stack.client("stepfunctions")
        return StepFunctionsExecutions(client, state_machine_arn=machine, clock=self.clock)
