"""An AWS service that answers as a test says: a real client, and only the transport is ours."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any, cast

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config

from adapters.function_clients import function_client


class _Body(BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


class ScriptedService:
    """Gives the scripted answers in turn; after the last one it goes on with `{}`."""

    def __init__(self, service: str, config: Config | None = None) -> None:
        self.client = function_client(service, config=config)
        self.requests: list[dict[str, Any]] = []
        """The JSON bodies it was sent."""
        self._answers: list[AWSResponse | Exception] = []
        self.client.meta.events.register_first("before-send", self._answer)

    def answers(self, body: dict[str, Any]) -> None:
        self._answers.append(_response(200, body))

    def refuses(self, code: str, message: str = "no", *, status: int = 400, **details: Any) -> None:
        """As the JSON protocols put it: the code in a header and in the body."""
        body = {"__type": f"com.amazonaws#{code}", "message": message, "Message": message, **details}
        self._answers.append(_response(status, body, code))

    def breaks(self, error: Exception) -> None:
        """No answer at all."""
        self._answers.append(error)

    def _answer(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        self.requests.append(json.loads(cast("bytes", request.body) or b"{}"))
        answer = self._answers.pop(0) if self._answers else _response(200, {})
        if isinstance(answer, Exception):
            raise answer
        return answer


def _response(status: int, body: dict[str, Any], code: str = "") -> AWSResponse:
    headers = {"content-type": "application/json", **({"x-amzn-errortype": code} if code else {})}
    return AWSResponse("https://aws.example.com", status, headers, _Body(json.dumps(body).encode()))  # type: ignore[arg-type]  # anything with stream() will do
