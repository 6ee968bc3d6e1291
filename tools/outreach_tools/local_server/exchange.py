"""HTTP requests and responses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True, slots=True)
class Request:
    """One request; header names are in lower case."""

    method: str
    target: str
    """Path, with a query string or without."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_foreign: bool = False
    """A browser sends it for a page of another site, or does not say for which."""

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.target.partition("?")[2], keep_blank_values=True))


@dataclass(frozen=True, slots=True)
class Answer:
    """One response; header names are in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusedRequestError(Exception):
    """The request cannot be answered; the message says what is wrong and what would be right."""

    def __init__(self, status: HTTPStatus, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers


def as_json(document: Any, status: int = HTTPStatus.OK, **headers: str) -> Answer:
    """A JSON answer that people can read, too."""
    body = json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"
    return Answer(int(status), body, {"content-type": "application/json; charset=utf-8", **headers})


def refusal(error: RefusedRequestError) -> Answer:
    return as_json({"error": str(error)}, error.status, **error.headers)
