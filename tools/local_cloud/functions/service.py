"""The Lambda service: Invoke, synchronous and asynchronous, with retries and destinations."""

import io
import json
from collections.abc import Mapping
from typing import Any

from botocore.response import StreamingBody

from local_cloud.access.callers import ACCOUNT, REGION
from local_cloud.access.policies import matches
from local_cloud.clock import VirtualClock
from local_cloud.errors import AwsError
from local_cloud.functions.configuration import AsynchronousRules, FunctionConfiguration
from local_cloud.functions.runtime import Result, Runtime
from local_cloud.messaging.delivery import Delivery, Parcel
from local_cloud.messaging.expressions import as_utc_text

PAYLOAD_LIMIT = 6_291_556  # bytes of a synchronous request
ASYNCHRONOUS_LIMIT = 1_048_576  # bytes of an asynchronous request
CONCURRENT_EXECUTIONS = 1000
"""What an account may run at once by default."""
_PRINCIPAL = "lambda.amazonaws.com"


class Lambda:
    """All functions by name."""

    rest_is_motos = False

    def __init__(self, clock: VirtualClock, runtime: Runtime, delivery: Delivery) -> None:
        self._clock = clock
        self._runtime = runtime
        self._delivery = delivery
        self._functions: dict[str, FunctionConfiguration] = {}
        self._rules: dict[str, AsynchronousRules] = {}
        self._permissions: dict[str, list[Mapping[str, Any]]] = {}
        self.operations = {
            "Invoke": self._invoke_operation,
            "GetAccountSettings": lambda _: {"AccountLimit": {"ConcurrentExecutions": CONCURRENT_EXECUTIONS}},
            "GetFunctionConfiguration": self._get_configuration,
            "GetFunction": lambda p: {"Configuration": self._get_configuration(p)},
            "ListFunctions": lambda _: {"Functions": [_described(f) for f in self._functions.values()]},
        }

    def add(self, configuration: FunctionConfiguration) -> None:
        self._functions[configuration.name] = configuration

    def set_rules(self, function: str, rules: AsynchronousRules) -> None:
        self._rules[self.by_name(function).name] = rules

    def permit(self, function: str, permission: Mapping[str, Any]) -> None:
        """Add a statement to the function's resource policy (AWS::Lambda::Permission)."""
        self._permissions.setdefault(self.by_name(function).name, []).append(permission)

    def may_receive(self, arn: str, principal: str, source: str) -> bool:
        """Whether a function's permissions let a service invoke it on behalf of a source."""
        return any(
            p.get("Principal") == principal and matches(p.get("SourceArn", "*"), source)
            for p in self._permissions.get(self.by_name(arn).name, [])
        )

    def name_of(self, logical_id: str) -> str:
        """The physical name of a function of the template."""
        return next(each.name for each in self._functions.values() if each.logical_id == logical_id)

    def by_name(self, name_or_arn: str) -> FunctionConfiguration:
        """A function.

        Raises AwsError when it does not exist.
        """
        # arn:aws:lambda:region:account:function:name[:version]
        parts = name_or_arn.split(":")
        name = parts[6] if name_or_arn.startswith("arn:") else parts[0]
        if name not in self._functions:
            arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
            raise AwsError("ResourceNotFoundException", f"Function not found: {arn}", 404)
        return self._functions[name]

    def invoke(self, name: str, payload: str) -> Result:
        """Run a function now and wait for it."""
        return self._runtime.invoke(self.by_name(name), payload)

    def accept(self, arn: str, payload: str, _: Mapping[str, Any]) -> None:
        """Take an asynchronous invocation: it runs soon, and again after one and two minutes if it fails."""
        configuration = self.by_name(arn)
        self._clock.spawn(lambda: self._attempt(configuration, payload, 0, self._clock.now))

    def _attempt(
        self, configuration: FunctionConfiguration, payload: str, attempt: int, accepted: float
    ) -> None:
        rules = self._rules.get(configuration.name, AsynchronousRules())
        result = self._runtime.invoke(configuration, payload)
        if not result.failed:
            if rules.on_success:
                self._tell(rules.on_success, configuration, payload, result, attempt, "Success")
            return
        pause = 60.0 * (attempt + 1)
        if attempt < rules.maximum_retries and self._clock.now + pause - accepted <= rules.maximum_age:
            self._clock.call_in(pause, lambda: self._attempt(configuration, payload, attempt + 1, accepted))
            return
        if rules.on_failure:
            self._tell(rules.on_failure, configuration, payload, result, attempt, "RetriesExhausted")
        if rules.on_failure and not configuration.dead_letter_arn:
            return
        parcel = Parcel(configuration.arn, _PRINCIPAL, {"Arn": configuration.arn}, payload, accepted)
        self._delivery.bury(parcel, configuration.dead_letter_arn, result.payload)

    def _tell(
        self,
        destination: str,
        configuration: FunctionConfiguration,
        payload: str,
        result: Result,
        attempt: int,
        condition: str,
    ) -> None:
        """Send Lambda's record of an invocation to a destination."""
        context = {"statusCode": 200, "executedVersion": "$LATEST"}
        record = {
            "version": "1.0",
            "timestamp": as_utc_text(self._clock.now),
            "requestContext": {
                "requestId": json.loads(result.payload).get("requestId", "") if result.failed else "",
                "functionArn": f"{configuration.arn}:$LATEST",
                "condition": condition,
                "approximateInvokeCount": attempt + 1,
            },
            "requestPayload": json.loads(payload),
            "responseContext": {**context, "functionError": "Unhandled"} if result.failed else context,
            "responsePayload": json.loads(result.payload),
        }
        target = {"Arn": destination, "RoleArn": configuration.role}
        self._delivery.post(configuration.arn, _PRINCIPAL, target, json.dumps(record))

    def _invoke_operation(self, params: dict[str, Any]) -> dict[str, Any]:
        configuration = self.by_name(params["FunctionName"])
        payload = params.get("Payload", b"{}")
        text = payload.decode() if isinstance(payload, bytes | bytearray) else str(payload)
        asynchronous = params.get("InvocationType") == "Event"
        limit = ASYNCHRONOUS_LIMIT if asynchronous else PAYLOAD_LIMIT
        if len(text.encode()) > limit:
            raise AwsError(
                "RequestTooLargeException",
                f"Request must be smaller than {limit} bytes for the Invoke operation",
                413,
            )
        try:
            json.loads(text or "{}")
        except ValueError as error:
            raise AwsError(
                "InvalidRequestContentException", f"Could not parse request body into json: {error}"
            ) from None
        if asynchronous:
            self.accept(configuration.arn, text or "{}", {})
            return {"StatusCode": 202, "Payload": _stream("")}
        result = self._runtime.invoke(configuration, text or "{}")
        answer = {"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": _stream(result.payload)}
        if result.failed:
            answer["FunctionError"] = "Unhandled"
        return answer

    def _get_configuration(self, params: dict[str, Any]) -> dict[str, Any]:
        return _described(self.by_name(params["FunctionName"]))


def _stream(text: str) -> StreamingBody:
    body = text.encode()
    return StreamingBody(io.BytesIO(body), len(body))


def _described(configuration: FunctionConfiguration) -> dict[str, Any]:
    return {
        "FunctionName": configuration.name,
        "FunctionArn": configuration.arn,
        "Handler": configuration.handler,
        "Timeout": configuration.timeout,
        "MemorySize": configuration.memory,
        "Runtime": "python3.13",
        "State": "Active",
        "Environment": {"Variables": dict(configuration.environment)},
    }
