"""Functions with their permissions and event sources, and state machines."""

import json
import re

from local_cloud.access.callers import ACCOUNT, REGION, role_name
from local_cloud.deploy.stack import Created, Make, Properties, physical_name
from local_cloud.deploy.template import directory_of
from local_cloud.errors import TemplateError
from local_cloud.functions.configuration import AsynchronousRules, FunctionConfiguration
from local_cloud.messaging.queue_poller import EventSource
from local_cloud.services import Services

_RUNTIMES = re.compile(r"python3\.\d+")
_LEFT_OVER = re.compile(r"\$\{[A-Za-z0-9_]+\}")


def compute_makers(services: Services, stack: str) -> dict[str, Make]:
    layers: dict[str, Properties] = {}

    def function(logical_id: str, properties: Properties) -> Created:
        if not _RUNTIMES.fullmatch(str(properties.get("Runtime", ""))):
            raise TemplateError(f"Runtime {properties.get('Runtime')!r}: the local cloud runs python3.x only")
        name = properties.get("FunctionName") or physical_name(stack, logical_id)
        configuration = FunctionConfiguration(
            logical_id=logical_id,
            name=name,
            handler=properties["Handler"],
            code=directory_of(properties["Code"], logical_id),
            role=role_name(properties["Role"]),
            timeout=int(properties.get("Timeout", 3)),
            memory=int(properties.get("MemorySize", 128)),
            environment={
                k: str(v) for k, v in properties.get("Environment", {}).get("Variables", {}).items()
            },
            layers=tuple(
                directory_of(layers[arn]["Content"], arn)
                for arn in properties.get("Layers", [])
                if arn in layers
            ),
            dead_letter_arn=properties.get("DeadLetterConfig", {}).get("TargetArn", ""),
        )
        services.functions.add(configuration)
        return Created(name, {"Arn": configuration.arn})

    def layer(logical_id: str, properties: Properties) -> Created:
        name = properties.get("LayerName") or physical_name(stack, logical_id)
        arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:{name}:1"
        layers[arn] = properties
        return Created(arn, {"LayerVersionArn": arn})

    def permission(logical_id: str, properties: Properties) -> Created:
        services.functions.permit(properties["FunctionName"], properties)
        return Created(logical_id)

    def invoke_config(logical_id: str, properties: Properties) -> Created:
        services.functions.set_rules(
            properties["FunctionName"], AsynchronousRules.from_properties(properties)
        )
        return Created(logical_id)

    def event_source(logical_id: str, properties: Properties) -> Created:
        if properties.get("Enabled", True):
            _add_event_source(services, properties)
        return Created(logical_id, {"Id": logical_id})

    def state_machine(logical_id: str, properties: Properties) -> Created:
        name = properties.get("StateMachineName") or physical_name(stack, logical_id)
        arn = services.client("stepfunctions").create_state_machine(
            name=name,
            definition=_definition(properties),
            roleArn=properties["RoleArn"],
            type=properties.get("StateMachineType", "STANDARD"),
        )["stateMachineArn"]
        return Created(arn, {"Arn": arn, "Name": name})

    return {
        "AWS::Lambda::Function": function,
        "AWS::Lambda::LayerVersion": layer,
        "AWS::Lambda::Permission": permission,
        "AWS::Lambda::EventInvokeConfig": invoke_config,
        "AWS::Lambda::EventSourceMapping": event_source,
        "AWS::StepFunctions::StateMachine": state_machine,
    }


def _add_event_source(services: Services, properties: Properties) -> None:
    configuration = services.functions.by_name(properties["FunctionName"])
    source = EventSource.from_properties(configuration.name, properties)
    if source.source_arn.split(":")[2] != "sqs":
        raise TemplateError(f"EventSourceArn {source.source_arn}: use an SQS queue")
    queue = services.sqs.by_name(source.source_arn)
    if queue.visibility_timeout < configuration.timeout:
        raise TemplateError(
            f"Queue visibility timeout: {queue.visibility_timeout} seconds is less than Function "
            f"timeout: {configuration.timeout} seconds"
        )
    services.queue_pollers.add(queue, source)


def _definition(properties: Properties) -> str:
    text = properties.get("DefinitionString")
    if text is None:
        text = json.dumps(properties["Definition"])
    for name, value in properties.get("DefinitionSubstitutions", {}).items():
        placed = json.dumps(value)[1:-1] if isinstance(value, str) else json.dumps(value)
        text = text.replace("${" + name + "}", placed)
    if left := sorted(set(_LEFT_OVER.findall(text))):
        raise TemplateError(f"DefinitionSubstitutions: nothing is given for {', '.join(left)}")
    return str(text)
