"""HTTP APIs: routes to functions, with API Gateway's payload format 2.0.

More than 250 lines: the rules of one payload format.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from local_cloud.access.callers import ACCOUNT, REGION
from local_cloud.clock import VirtualClock
from local_cloud.errors import NotEmulatedError, TemplateError
from local_cloud.functions.service import Lambda
from local_cloud.messaging.throttle import Throttle
from local_cloud.randomness import Randomness

_ANY = "x-amazon-apigateway-any-method"
_FUNCTION = re.compile(r"functions/(arn:[^/]+)/invocations")
_PARAMETER = re.compile(r"\{([^}+]+)(\+?)\}")
_TEXT = re.compile(r"text/|application/(json|xml|javascript)|.*\+(json|xml)")


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What the client gets; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class HandledRequest:
    """What API Gateway counts of a request."""

    at: float
    """Seconds since the epoch."""
    route_key: str
    """Empty for a request that no route takes."""
    status: int


@dataclass(frozen=True, slots=True)
class _Route:
    method: str
    template: str
    pattern: re.Pattern[str]
    function_arn: str

    @property
    def key(self) -> str:
        if self.template == "/$default":
            return "$default"
        return f"{'ANY' if self.method == _ANY else self.method.upper()} {self.template}"

    def rank(self) -> tuple[bool, bool, int, bool]:
        """Sorts as API Gateway prefers: exact, variable, greedy, $default; and a method before ANY."""
        variables = self.template.count("{")
        return self.key == "$default", "+}" in self.template, variables, self.method == _ANY


@dataclass(slots=True)
class HttpApi:
    """One API with its routes."""

    api_id: str
    body: Mapping[str, Any]
    clock: VirtualClock
    randomness: Randomness
    functions: Lambda
    stage: str = "$default"
    _routes: list[_Route] = field(default_factory=list)
    requests: list[HandledRequest] = field(default_factory=list)
    _settings: Mapping[str, Any] = field(default_factory=dict)
    _throttle: Throttle = field(init=False)

    def __post_init__(self) -> None:
        self._throttle = Throttle(self.clock)
        for template, methods in self.body.get("paths", {}).items():
            for method, operation in methods.items():
                if operation.get("security"):
                    raise NotEmulatedError(f"route {method} {template}: the local cloud has no authorizers")
                found = _FUNCTION.search(operation["x-amazon-apigateway-integration"]["uri"])
                if found is None:
                    raise NotEmulatedError(
                        f"route {method} {template}: only integrations with functions are emulated"
                    )
                self._routes.append(_Route(method, template, _compiled(template), found[1]))
        self._routes.sort(key=_Route.rank)

    @property
    def endpoint(self) -> str:
        return f"https://{self.api_id}.execute-api.{REGION}.amazonaws.com"

    def deploy(self, stage: Mapping[str, Any]) -> None:
        """Take the properties of the stage. Raises TemplateError for settings of an unknown route."""
        self.stage = stage["StageName"]
        settings = stage.get("RouteSettings", {})
        unknown = sorted(set(settings) - {route.key for route in self._routes})
        if unknown:
            raise TemplateError(f"RouteSettings: there is no route {', '.join(unknown)}")
        self._settings = {"": stage.get("DefaultRouteSettings", {}), **settings}
        self._throttle = Throttle(self.clock, stage.get("DefaultRouteSettings", {}), settings)

    def has_detailed_metrics(self, route_key: str) -> bool:
        """Whether the stage has metrics of this route."""
        settings = {**self._settings.get("", {}), **self._settings.get(route_key, {})}
        return bool(route_key) and bool(settings.get("DetailedMetricsEnabled"))

    def request(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> HttpResponse:
        """Send a request; `target` is the path, with a query string or without."""
        at = self.clock.now
        route_key, response = self._answered(method, target, headers, body)
        self.requests.append(HandledRequest(at, route_key, response.status))
        return response

    def _answered(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[str, HttpResponse]:
        path, _, query = target.partition("?")
        for route in self._routes:
            if route.method not in {method.lower(), _ANY}:
                continue
            matched = route.pattern.fullmatch(path)
            if matched:
                if not self._throttle.admits(route.key):
                    return route.key, _json_response(429, "Too Many Requests")
                variables = {name: unquote(value) for name, value in matched.groupdict().items()}
                verb = method.upper()
                return route.key, self._invoke(route, verb, path, query, headers, body, variables)
        return "", _json_response(404, "Not Found")

    def _invoke(
        self,
        route: _Route,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        body: bytes,
        variables: dict[str, str],
    ) -> HttpResponse:
        verb = "*" if route.method == _ANY else method
        source = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{self.api_id}/{self.stage}/{verb}{route.template}"
        if not self.functions.may_receive(route.function_arn, "apigateway.amazonaws.com", source):
            return _json_response(500, "Internal Server Error")
        event = self._event(route, method, path, query, headers, body, variables)
        result = self.functions.invoke(route.function_arn, json.dumps(event))
        if result.failed:
            return _json_response(500, "Internal Server Error")
        return _as_response(json.loads(result.payload))

    def _event(
        self,
        route: _Route,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        body: bytes,
        variables: dict[str, str],
    ) -> dict[str, Any]:
        given = {name.lower(): value for name, value in headers.items()}
        cookies = [c.strip() for c in given.pop("cookie", "").split(";") if c.strip()]
        host = f"{self.api_id}.execute-api.{REGION}.amazonaws.com"
        given.setdefault("host", host)
        given.setdefault("content-length", str(len(body)))
        raw_path = path if self.stage == "$default" else f"/{self.stage}{path}"
        encoded = bool(body) and not _TEXT.match(given.get("content-type", "text/plain"))
        event: dict[str, Any] = {
            "version": "2.0",
            "routeKey": route.key,
            "rawPath": unquote(raw_path),
            "rawQueryString": query,
            "headers": given,
            "requestContext": {
                "accountId": ACCOUNT,
                "apiId": self.api_id,
                "domainName": host,
                "domainPrefix": self.api_id,
                "http": {
                    "method": method,
                    "path": unquote(raw_path),
                    "protocol": "HTTP/1.1",
                    "sourceIp": "192.0.2.1",
                    "userAgent": given.get("user-agent", ""),
                },
                "requestId": self.randomness.uuid("http"),
                "routeKey": route.key,
                "stage": self.stage,
                "time": datetime.fromtimestamp(self.clock.now, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
                "timeEpoch": int(self.clock.now * 1000),
            },
            "isBase64Encoded": encoded,
        }
        if cookies:
            event["cookies"] = cookies
        if query:
            event["queryStringParameters"] = _joined(parse_qsl(query, keep_blank_values=True))
        if variables:
            event["pathParameters"] = variables
        if body:
            event["body"] = base64.b64encode(body).decode() if encoded else body.decode()
        return event


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


def _compiled(template: str) -> re.Pattern[str]:
    if template == "/$default":
        return re.compile(".*")
    parts: list[str] = []
    end = 0
    for place in _PARAMETER.finditer(template):
        parts += [
            re.escape(template[end : place.start()]),
            f"(?P<{place[1]}>{'.+' if place[2] else '[^/]+'})",
        ]
        end = place.end()
    return re.compile("".join(parts) + re.escape(template[end:]))


def _json_response(status: int, message: str) -> HttpResponse:
    return HttpResponse(
        status, {"content-type": "application/json"}, json.dumps({"message": message}).encode()
    )


def _as_response(answer: Any) -> HttpResponse:
    """What API Gateway makes of a handler's return value: a whole response, or only a body."""
    if not isinstance(answer, dict) or "statusCode" not in answer:
        text = answer if isinstance(answer, str) else json.dumps(answer)
        return HttpResponse(200, {"content-type": "application/json"}, text.encode())
    headers = {str(name).lower(): str(value) for name, value in (answer.get("headers") or {}).items()}
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        headers[str(name).lower()] = ",".join(map(str, values))
    if answer.get("cookies"):
        headers["set-cookie"] = ", ".join(answer["cookies"])
    headers.setdefault("content-type", "text/plain;charset=UTF-8")
    body = answer.get("body") or ""
    if not isinstance(body, str):
        return _json_response(500, "Internal Server Error")
    data = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    return HttpResponse(int(answer["statusCode"]), headers, data)
