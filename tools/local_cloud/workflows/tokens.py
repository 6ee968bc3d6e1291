"""Task tokens: which are waited for, and which no longer are."""

from collections.abc import Callable
from typing import Any

from local_cloud.errors import AwsError


class TaskTokens:
    """moto looks for a token in every running execution, one after the other; this lookup is direct."""

    def __init__(self, new_token: Callable[[], str]) -> None:
        self._new_token = new_token
        self._open: dict[str, Any] = {}
        self._closed: set[str] = set()

    def new(self) -> str:
        return self._new_token()

    def open(self, token: str, endpoint: Any) -> None:
        self._open[token] = endpoint

    def close(self, token: str) -> None:
        """The task no longer waits: it was answered, it timed out, or its execution ended."""
        self._open.pop(token, None)
        self._closed.add(token)

    def endpoint(self, token: str) -> Any:
        """What waits for a token.

        Raises AwsError: TaskTimedOut when nothing waits any more, InvalidToken when nothing ever did.
        """
        endpoint = self._open.get(token)
        if endpoint is not None:
            return endpoint
        if token in self._closed:
            raise AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")
        raise AwsError("InvalidToken", "Invalid Token: 'Invalid token'")
