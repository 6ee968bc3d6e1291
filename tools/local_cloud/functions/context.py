"""The context object that Lambda gives a handler, with its remaining time on the virtual clock."""

from local_cloud.clock import VirtualClock
from local_cloud.functions.configuration import FunctionConfiguration


class LambdaContext:
    """The members of the Python runtime's context object."""

    function_version = "$LATEST"
    identity = None
    client_context = None

    def __init__(
        self, configuration: FunctionConfiguration, request_id: str, clock: VirtualClock, deadline: float
    ) -> None:
        self.function_name = configuration.name
        self.invoked_function_arn = configuration.arn
        self.memory_limit_in_mb = str(configuration.memory)
        self.aws_request_id = request_id
        self.log_group_name = f"/aws/lambda/{configuration.name}"
        self.log_stream_name = "local"
        self._clock = clock
        self._deadline = deadline

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function times out."""
        return max(0, int((self._deadline - self._clock.now) * 1000))
