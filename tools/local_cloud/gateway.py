"""The one place every AWS call passes: the caller, the permission, planned crashes, the answering service.

Botocore's own path builds, signs, routes and parses an HTTP request for every call. Services that are
emulated here (a front) are called directly with the caller's parameters, after botocore's own validation of
them; all others take the usual way into moto.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from botocore.client import BaseClient
from botocore.exceptions import ParamValidationError
from botocore.validate import ParamValidator

from local_cloud.access.actions import needs_of
from local_cloud.access.callers import Caller, current_caller
from local_cloud.access.roles import Roles
from local_cloud.errors import AwsError, NotEmulatedError
from local_cloud.faults import Fault, Outage, When
from local_cloud.functions.death import Death, ProcessDied
from local_cloud.functions.runtime import Runtime
from local_cloud.patches import Patches
from local_cloud.records import ApiCall

type Operation = Callable[[dict[str, Any]], dict[str, Any]]


class Front(Protocol):
    """A service that is answered here and not by moto."""

    @property
    def operations(self) -> Mapping[str, Callable[..., dict[str, Any]]]: ...

    @property
    def rest_is_motos(self) -> bool:
        """Whether operations that are not in `operations` go to moto; otherwise they are refused."""
        ...


class Gateway:
    """Replaces `BaseClient._make_api_call`."""

    def __init__(
        self,
        runtime: Runtime,
        roles: Roles,
        faults: Iterable[Fault | Outage],
        record: Callable[[ApiCall], None],
    ) -> None:
        self.fronts: dict[str, Front] = {}
        self._runtime = runtime
        self._roles = roles
        self._faults = faults
        self._record = record
        self._validator = ParamValidator()
        self._usual: Any = None
        self._thread = threading.get_ident()
        self._count = 0

    def install(self, patches: Patches) -> None:
        """Route every client of this process through here."""

        def make_api_call(client: Any, operation: str, params: dict[str, Any]) -> Any:
            return self._call(client, operation, params)

        self._usual = patches.replace(BaseClient, "_make_api_call", make_api_call)

    def _call(self, client: Any, operation: str, params: dict[str, Any]) -> Any:
        if threading.get_ident() != self._thread:
            raise NotEmulatedError(
                f"{operation} was called from another thread: the local cloud has one thread, so call AWS "
                "from the handler's own"
            )
        service: str = client.meta.service_model.service_name
        model = client.meta.service_model.operation_model(operation)
        front = self.fronts.get(service)
        answer = None if front is None else front.operations.get(operation)
        if answer is not None:
            params = self._prepared(client, model, params)
        elif front is not None and not front.rest_is_motos:
            raise NotEmulatedError(f"the local cloud does not emulate {service}:{operation}")
        caller = current_caller()
        try:
            if caller is None:
                return self._perform(client, model, params, answer)
            return self._perform_as(caller, service, client, model, params, answer)
        except AwsError as error:
            raise self._client_error(client, operation, error) from None

    def _perform_as(
        self,
        caller: Caller,
        service: str,
        client: Any,
        model: Any,
        params: dict[str, Any],
        answer: Operation | None,
    ) -> Any:
        running = self._runtime.running
        if running is not None and running.death is not None:
            raise ProcessDied(running.death)
        struck = self._struck(caller, model.name)
        if struck is When.THROTTLED:
            now = self._runtime.clock.now_as_datetime
            error = AwsError("ThrottlingException", "Rate exceeded")
            self._record(ApiCall(service, model.name, caller.function, caller.role, now, error.code))
            raise error
        if struck is When.BEFORE:
            self._runtime.die(Death.EXIT)
        code = ""
        try:
            for need in needs_of(service, model.name, params):
                self._roles.require(caller, need)
            result = self._perform(client, model, params, answer)
        except Exception as error:
            code = error.code if isinstance(error, AwsError) else _code_of(error)
            raise
        finally:
            if caller.function:
                now = self._runtime.clock.now_as_datetime
                self._record(ApiCall(service, model.name, caller.function, caller.role, now, code))
            # Also when AWS refused: the process crashes without having received the answer.
            if struck is not None:
                self._runtime.die(Death.EXIT if struck is When.AFTER else Death.TIMEOUT)
        return result

    def _perform(self, client: Any, model: Any, params: dict[str, Any], answer: Operation | None) -> Any:
        if answer is None:
            return self._usual(client, model.name, params)
        known = model.output_shape.members if model.output_shape is not None else {}
        result = {name: value for name, value in answer(params).items() if name in known}
        result["ResponseMetadata"] = self._metadata(200)
        if client.meta.service_model.service_name == "dynamodb":
            # boto3's resource layer turns attribute values into Python values here.
            client.meta.events.emit(
                f"after-call.dynamodb.{model.name}",
                http_response=None,
                parsed=result,
                model=model,
                context={},
            )
        return result

    def _prepared(self, client: Any, model: Any, params: dict[str, Any]) -> dict[str, Any]:
        params = client._emit_api_params(api_params=params, operation_model=model, context={})  # noqa: SLF001 - no public way
        if client.meta.config.parameter_validation and model.input_shape is not None:
            report = self._validator.validate(params, model.input_shape)
            if report.has_errors():
                raise ParamValidationError(report=report.generate_report())
        return params

    def _struck(self, caller: Caller, operation: str) -> When | None:
        if not caller.function:
            return None
        struck = None
        for fault in self._faults:
            if fault.strikes(caller.function, operation):
                struck = When(fault.when)
        return struck

    def _metadata(self, status: int) -> dict[str, Any]:
        self._count += 1
        request_id = f"00000000-0000-4000-8000-{self._count:012x}"
        return {"RequestId": request_id, "HTTPStatusCode": status, "HTTPHeaders": {}, "RetryAttempts": 0}

    def _client_error(self, client: Any, operation: str, error: AwsError) -> Exception:
        response = {
            "Error": {"Code": error.code, "Message": error.message},
            "ResponseMetadata": self._metadata(error.status),
            **error.fields,
        }
        made: Exception = client.exceptions.from_code(error.code)(response, operation)
        return made


def _code_of(error: Exception) -> str:
    response = getattr(error, "response", None)
    return response["Error"]["Code"] if isinstance(response, dict) else type(error).__name__
